package roles

import (
	"context"
	"fmt"
	"slices"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// The changes below give writes with preconditions: what they were worked out from must still be so
// when they are committed. store.ErrConflict then means: read again and work it out anew.

// What cannot be done to roles and administrators, whoever asks.
var (
	ErrInUse             = fault.New(fault.Conflict, "ROLLE_I_BRUK", "Rollen er tildelt og kan ikke slettes. Ta den fra dem som har den, først.")
	ErrGone              = fault.New(fault.NotFound, "ROLLE_IKKE_TILGJENGELIG", "Rollen finnes ikke, eller den hører til en annen organisasjon.")
	ErrLastAdministrator = fault.New(fault.Conflict, "SISTE_ADMINISTRATOR", "Organisasjonen må ha minst én administrator. Utnevn en ny først.")
)

// Publish gives the writes of the next version of a role over the one that Current gave and v was made
// of, or of a new role. It does not judge the role against the catalogue.
func Publish(v Version) ([]store.Op, error) {
	if err := plainly(v.ID, v.FiksOrgID); err != nil {
		return nil, err
	}
	current, err := store.Write(roleKey(v.ID), v, v.over)
	if err != nil {
		return nil, err
	}
	version, err := store.Write(versionKey(v.ID, v.Versjon), v, "")
	if err != nil {
		return nil, err
	}
	return []store.Op{current, version, store.Put(organisationRoleKey(v.FiksOrgID, v.ID), nil)}, nil
}

// Delete gives the writes that end a role that nobody holds: its last version stays, its record goes,
// and nobody can be given it meanwhile. inUse counts the assignments that are not over.
func (b *Book) Delete(ctx context.Context, last Version, inUse func([]Assignment) int) ([]store.Op, error) {
	guard, err := b.guard(ctx, last.ID, true)
	if err != nil {
		return nil, err
	}
	held, err := b.Assignments(ctx, last.ID)
	if err != nil {
		return nil, err
	}
	if n := inUse(held); n > 0 {
		return nil, ErrInUse.About(fmt.Sprintf("%d tildelinger", n))
	}
	last.Slettet = true
	version, err := store.Write(versionKey(last.ID, last.Versjon), last, "")
	ops := []store.Op{guard, version, store.DeleteIf(roleKey(last.ID), last.over)}
	if err != nil {
		return nil, err
	}
	index := organisationRoleKey(last.FiksOrgID, last.ID)
	return b.remove(ctx, ops, index)
}

// guard gives the write that every change of a role's assignments has in common, so that a role is
// not given away while it is deleted.
func (b *Book) guard(ctx context.Context, rolle string, slettet bool) (store.Op, error) {
	h, r, err := store.Read[holders](ctx, b.store, holdersKey(rolle))
	if err != nil {
		return store.Op{}, err
	}
	if h.Slettet {
		return store.Op{}, ErrGone
	}
	return store.Write(holdersKey(rolle), holders{Slettet: slettet}, r)
}

// remove adds the removal of the records that are there.
func (b *Book) remove(ctx context.Context, ops []store.Op, keys ...string) ([]store.Op, error) {
	found, err := b.store.GetMany(ctx, keys)
	for _, key := range keys {
		if r, ok := found[key]; ok {
			ops = append(ops, store.DeleteIf(key, r.Revision))
		}
	}
	return ops, err
}

// Assign gives the writes of an assignment, new or changed.
func (b *Book) Assign(ctx context.Context, a Assignment) ([]store.Op, error) {
	if err := plainly(a.AktorID, a.RolleID); err != nil {
		return nil, err
	}
	guard, err := b.guard(ctx, a.RolleID, false)
	if err != nil {
		return nil, err
	}
	ops := []store.Op{guard}
	for _, key := range []string{assignmentKey(a.AktorID, a.RolleID), holderKey(a.RolleID, a.AktorID)} {
		_, r, err := store.Read[Assignment](ctx, b.store, key)
		if err != nil {
			return nil, err
		}
		op, err := store.Write(key, a, r)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	return ops, nil
}

// Withdraw gives the writes that take a role from an actor; none where they do not have it.
func (b *Book) Withdraw(ctx context.Context, rolle, aktor string) ([]store.Op, error) {
	if !plain(rolle) || !plain(aktor) {
		return nil, nil
	}
	ops, err := b.remove(ctx, nil, assignmentKey(aktor, rolle), holderKey(rolle, aktor))
	if err != nil || len(ops) == 0 {
		return nil, err
	}
	guard, err := b.guard(ctx, rolle, false)
	return append(ops, guard), err
}

// Appoint gives the writes that make an employee administrator of their organisation, or, with false,
// a case worker again. The last administrator stays. An organisation whose list was never written is
// taken to have known alone. No writes: it is so already.
func (b *Book) Appoint(ctx context.Context, ansattID string, administrator bool, known ...string) ([]store.Op, error) {
	a, ansattRevision, err := store.Read[employment](ctx, b.store, ansattKey(ansattID))
	if err != nil {
		return nil, err
	}
	list, r, err := store.Read[administrators](ctx, b.store, administratorsKey(a.FiksOrgID))
	if err != nil {
		return nil, err
	}
	if r == "" {
		list.Ansatte = known
	}
	listed := slices.Contains(list.Ansatte, ansattID)
	if listed == administrator && (a.Funksjon == Administrator) == administrator {
		return nil, nil
	}
	list.Ansatte = slices.DeleteFunc(list.Ansatte, func(id string) bool { return id == ansattID })
	a.Funksjon = Saksbehandler
	if administrator {
		list.Ansatte, a.Funksjon = append(list.Ansatte, ansattID), Administrator
	}
	if len(list.Ansatte) == 0 {
		return nil, ErrLastAdministrator
	}
	who, err := store.Write(ansattKey(ansattID), a, ansattRevision)
	if err != nil {
		return nil, err
	}
	all, err := store.Write(administratorsKey(a.FiksOrgID), list, r)
	return []store.Op{who, all}, err
}
