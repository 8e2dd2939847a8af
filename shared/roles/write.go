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
	return put(organisationKey(o.FiksOrgID), o, o.FiksOrgID)
}

// PutRole gives the writes of a role that is valid against the catalogue: its current record and
// the record of this version.
func PutRole(k *katalog.Katalog, r policy.Role) ([]store.Op, error) {
	if p := r.Validate(k); len(p) > 0 {
		return nil, fmt.Errorf("roles: %s: %v", r.ID, p)
	}
	if r.Versjon < 1 {
		return nil, fmt.Errorf("roles: %s: versions start at 1", r.ID)
	}
	current, err := put(roleKey(r.ID), r, r.ID, r.FiksOrgID)
	if err != nil {
		return nil, err
	}
	version, err := put(versionKey(r.ID, r.Versjon), r)
	return append(current, version...), err
}

// PutAnsatt gives the writes of an employee and of the index that finds them by number. A number that
// found them before does not any more.
func (b *Book) PutAnsatt(a Ansatt, number person.ID) ([]store.Op, error) {
	if number.IsZero() {
		return nil, errors.New("roles: an employee without a number cannot be found")
	}
	index := b.personIndex(number)
	ops, err := put(ansattKey(a.ID), employment{a, index}, a.ID, a.FiksOrgID)
	if err != nil {
		return nil, err
	}
	return append(ops, store.Put(index+a.ID, nil)), nil
}

// PutAssignment gives the write of a tildeling.
func PutAssignment(t policy.Tildeling) ([]store.Op, error) {
	return put(assignmentKey(t.AktorID, t.RolleID), t, t.AktorID, t.RolleID)
}

func put(key string, v any, ids ...string) ([]store.Op, error) {
	for _, id := range ids {
		if !plain(id) {
			return nil, fmt.Errorf("roles: an id of %d bytes cannot be a key", len(id))
		}
	}
	value, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return []store.Op{store.Put(key, value)}, nil
}
