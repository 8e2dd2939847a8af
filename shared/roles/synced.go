package roles

import (
	"context"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Brukerstyring says, in the one record of the organisation, whose assignments of roles to people count: those
// given to its employees here, or those given to the users and groups of its identity systems. The other ones
// are kept and count for nothing. Integrations are not concerned.
type Brukerstyring struct {
	Synkronisert bool      `json:"synkronisert"`
	Endret       time.Time `json:"endret,omitzero"`
	EndretAv     string    `json:"endretAv,omitempty"`
	// AngreTil is until when the assignments that counted before are kept, so that one call goes back.
	AngreTil time.Time `json:"angreTil,omitzero"`
	// BortfaltFoer ends assignments to employees that were last given before it.
	BortfaltFoer time.Time `json:"bortfaltFoer,omitzero"`
}

// counts reports whether assignments to an actor of the sort count in the organisation.
func (o Organisation) counts(sort AktorType) bool {
	switch sort {
	case PersonAktor:
		return !o.Brukerstyring.Synkronisert
	case EksternBruker, EksternGruppe:
		return o.Brukerstyring.Synkronisert
	case IntegrasjonType:
	}
	return true
}

// PutBrukerstyring gives the write of another rule over the organisation that [Book.Organisation] gave.
func PutBrukerstyring(o Organisation, to Brukerstyring) ([]store.Op, error) {
	o.Brukerstyring = to
	return one(store.Write(organisationKey(o.FiksOrgID), o, o.over))
}

// order is where an employment stands among a person's.
func order(a Ansatt) int {
	if TypeOf(a.ID) == EksternBruker {
		return 1
	}
	return 0
}

// employment gives what an actor id in the index of persons is: an employee, or an active synced user, who is a
// case worker of the organisation whose source it is.
func (b *Book) employment(ctx context.Context, id string) (e employment, ok bool, err error) {
	if TypeOf(id) != EksternBruker {
		return read[employment](ctx, b.store, ansattKey(id))
	}
	u, ok, err := b.synced.Actor(ctx, id)
	if err != nil {
		return e, false, unreadable(err)
	}
	return employment{Ansatt{id, u.Navn, u.FiksOrgID, Saksbehandler}, u.Person}, ok && u.Aktiv, nil
}

// holding are the ids that an actor's roles are given to: its own, and, of a synced user who is active, its groups'.
func (b *Book) holding(ctx context.Context, id string) ([]string, error) {
	if TypeOf(id) != EksternBruker {
		return []string{id}, nil
	}
	u, ok, err := b.synced.Actor(ctx, id)
	if err != nil || !ok || !u.Aktiv {
		return nil, err
	}
	groups, err := b.synced.Groups(ctx, u)
	return append(groups, id), err
}

// given lists the assignments of the role that count for the actor.
func (b *Book) given(ctx context.Context, o Organisation, id, rolle string) ([]Assignment, error) {
	sort := TypeOf(id)
	if !o.counts(sort) {
		return nil, nil
	}
	if sort != EksternBruker {
		t, ok, err := read[Assignment](ctx, b.store, assignmentKey(id, rolle))
		if err != nil || !ok || sort == PersonAktor && o.Brukerstyring.spent(t) {
			return nil, err
		}
		return []Assignment{t}, nil
	}
	ids, err := b.holding(ctx, id)
	if err != nil {
		return nil, unreadable(err)
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = assignmentKey(id, rolle)
	}
	found, err := b.store.GetMany(ctx, keys)
	if err != nil {
		return nil, unreadable(err)
	}
	var all []Assignment
	for _, key := range keys {
		if r, ok := found[key]; ok {
			t, err := decode[Assignment](r)
			if err != nil {
				return nil, err
			}
			all = append(all, t)
		}
	}
	return all, nil
}

// assignedTo lists the roles that were given to an actor, or to a group that it is in.
func (b *Book) assignedTo(ctx context.Context, id string) ([]string, error) {
	ids, err := b.holding(ctx, id)
	if err != nil {
		return nil, unreadable(err)
	}
	var rolle []string
	for _, id := range ids {
		prefix := assignmentKey(id, "")
		assigned, err := b.store.Scan(ctx, prefix, "", 1000)
		if err != nil {
			return nil, unreadable(err)
		}
		for _, r := range assigned {
			rolle = append(rolle, r.Key[len(prefix):])
		}
	}
	return rolle, nil
}

// SyncedAs lists the actor ids that a person is known by through identity systems: the active users, each after
// its groups. Whether what they hold counts is each organisation's own rule.
func (b *Book) SyncedAs(ctx context.Context, number person.ID) ([]string, error) {
	found, err := b.employments(ctx, number)
	ids := []string{}
	for _, a := range found {
		if TypeOf(a.ID) != EksternBruker {
			continue
		}
		held, err := b.holding(ctx, a.ID)
		if err != nil {
			return nil, unreadable(err)
		}
		ids = append(ids, held...)
	}
	return ids, err
}
