package roles

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Employments lists what the caller is employed as: in every organisation, or through a vendor's system
// in the one that let the system in; none for an integration.
func (b *Book) Employments(ctx context.Context, who identity.Caller) ([]Ansatt, error) {
	if who.Person().IsZero() {
		return nil, nil
	}
	return b.aktorer(ctx, who)
}

// Organisation gives an organisation; ok is false where there is none.
func (b *Book) Organisation(ctx context.Context, id string) (o Organisation, ok bool, err error) {
	if !plain(id) {
		return o, false, nil
	}
	r, err := b.store.Get(ctx, organisationKey(id))
	if errors.Is(err, store.ErrNotFound) {
		return o, false, nil
	}
	if err != nil {
		return o, false, unreadable(err)
	}
	o, err = decode[Organisation](r)
	o.over = r.Revision
	return o, err == nil, err
}

// Organisations lists all of them, by id.
func (b *Book) Organisations(ctx context.Context) ([]Organisation, error) {
	records, err := store.All(ctx, b.store, organisationKey(""))
	if err != nil {
		return nil, unreadable(err)
	}
	all := make([]Organisation, len(records))
	for i, r := range records {
		if all[i], err = decode[Organisation](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Ansatt gives an employee; ok is false where there is none.
func (b *Book) Ansatt(ctx context.Context, id string) (a Ansatt, ok bool, err error) {
	if !plain(id) {
		return a, false, nil
	}
	return read[Ansatt](ctx, b.store, ansattKey(id))
}

// Current gives a role in its newest version; ok is false where there is no such role.
func (b *Book) Current(ctx context.Context, id string) (v Version, ok bool, err error) {
	if !plain(id) {
		return v, false, nil
	}
	v, r, err := store.Read[Version](ctx, b.store, roleKey(id))
	v.over = r
	return v, r != "", err
}

// Aktor finds who may be given roles of an organisation: its employees and integrations, and those of
// its identity systems; ok is false for everybody else.
func (b *Book) Aktor(ctx context.Context, fiksOrgID, id string) (sort AktorType, navn string, ok bool, err error) {
	sort = TypeOf(id)
	if sort == EksternBruker || sort == EksternGruppe {
		navn, org, ok, err := b.synced.Named(ctx, id)
		return sort, navn, ok && org == fiksOrgID, err
	}
	e, ok, err := b.Ansatt(ctx, id)
	if err != nil || ok {
		return PersonAktor, e.Navn, ok && e.FiksOrgID == fiksOrgID, err
	}
	i, err := identity.NewIntegrations(b.store).Integration(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", "", false, nil
	}
	return IntegrasjonType, i.Navn, i.FiksOrgID == fiksOrgID, err
}

// Colleague reports whether a person is employed by an organisation, and not as an actor of it.
func (b *Book) Colleague(ctx context.Context, fiksOrgID, aktor string, number person.ID) (bool, error) {
	found, err := b.employments(ctx, number)
	here := false
	for _, a := range found {
		if a.ID == aktor {
			return false, nil
		}
		here = here || a.FiksOrgID == fiksOrgID
	}
	return here, err
}

// Roles lists an organisation's roles by name.
func (b *Book) Roles(ctx context.Context, fiksOrgID string) ([]Version, error) {
	if !plain(fiksOrgID) {
		return nil, nil
	}
	prefix := organisationRoleKey(fiksOrgID, "")
	index, err := store.All(ctx, b.store, prefix)
	if err != nil {
		return nil, err
	}
	var all []Version
	for _, i := range index {
		v, ok, err := b.Current(ctx, strings.TrimPrefix(i.Key, prefix))
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b Version) int { return strings.Compare(a.Navn, b.Navn) })
	return all, nil
}

// Versions lists a role's versions, oldest first.
func (b *Book) Versions(ctx context.Context, id string) ([]Version, error) {
	if !plain(id) {
		return nil, nil
	}
	records, err := store.All(ctx, b.store, "rolleversjon/"+id+"/")
	if err != nil {
		return nil, err
	}
	all := make([]Version, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Version](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Assignments lists who holds a role, also before and after its time.
func (b *Book) Assignments(ctx context.Context, rolle string) ([]Assignment, error) {
	if !plain(rolle) {
		return nil, nil
	}
	records, err := store.All(ctx, b.store, holderKey(rolle, ""))
	if err != nil {
		return nil, err
	}
	all := make([]Assignment, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Assignment](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Administrators lists the ids of an organisation's administrators; none where it was never written.
func (b *Book) Administrators(ctx context.Context, fiksOrgID string) ([]string, error) {
	if !plain(fiksOrgID) {
		return nil, nil
	}
	a, _, err := store.Read[administrators](ctx, b.store, administratorsKey(fiksOrgID))
	return a.Ansatte, err
}
