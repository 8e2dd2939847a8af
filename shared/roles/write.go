package roles

import (
	"encoding/json"
	"errors"
	"fmt"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/store"
)

// PutOrganisation gives the write of an organisation.
func PutOrganisation(o Organisation) ([]store.Op, error) {
	return put(o, []string{o.FiksOrgID}, organisationKey(o.FiksOrgID))
}

// PutRole gives the writes of a role that is valid against the catalogue, whatever was there: its
// current record, the record of this version and its place in the organisation.
func PutRole(k *katalog.Katalog, r policy.Role) ([]store.Op, error) {
	if p := r.Validate(k); len(p) > 0 {
		return nil, fmt.Errorf("roles: %s: %v", r.ID, p)
	}
	if r.Versjon < 1 {
		return nil, fmt.Errorf("roles: %s: versions start at 1", r.ID)
	}
	ops, err := put(Version{Role: r}, []string{r.ID, r.FiksOrgID}, roleKey(r.ID), versionKey(r.ID, r.Versjon))
	if err != nil {
		return nil, err
	}
	return append(ops, store.Put(organisationRoleKey(r.FiksOrgID, r.ID), nil)), nil
}

// PutAnsatt gives the writes of an employee and of the index that finds them by number. A number that
// found them before does not any more.
func (b *Book) PutAnsatt(a Ansatt, number person.ID) ([]store.Op, error) {
	if number.IsZero() {
		return nil, errors.New("roles: an employee without a number cannot be found")
	}
	index := b.personIndex(number)
	ops, err := put(employment{a, index}, []string{a.ID, a.FiksOrgID}, ansattKey(a.ID))
	if err != nil {
		return nil, err
	}
	return append(ops, store.Put(index+a.ID, nil)), nil
}

// PutAdministrators gives the write of the list of an organisation's administrators.
func PutAdministrators(fiksOrgID string, ansatte []string) ([]store.Op, error) {
	return put(administrators{ansatte}, append([]string{fiksOrgID}, ansatte...), administratorsKey(fiksOrgID))
}

// PutAssignment gives the writes of a tildeling, whatever was there.
func PutAssignment(t policy.Tildeling) ([]store.Op, error) {
	a := Assignment{Tildeling: t, Type: TypeOf(t.AktorID)}
	return put(a, []string{t.AktorID, t.RolleID}, assignmentKey(t.AktorID, t.RolleID), holderKey(t.RolleID, t.AktorID))
}

func put(v any, ids []string, keys ...string) ([]store.Op, error) {
	if err := plainly(ids...); err != nil {
		return nil, err
	}
	value, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	ops := make([]store.Op, len(keys))
	for i, key := range keys {
		ops[i] = store.Put(key, value)
	}
	return ops, nil
}

func plainly(ids ...string) error {
	for _, id := range ids {
		if !plain(id) {
			return fmt.Errorf("roles: an id of %d bytes cannot be a key", len(id))
		}
	}
	return nil
}
