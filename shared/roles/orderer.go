package roles

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/secret"
	"hjemmel/shared/store"
)

// Orderer (bestiller) is who ordered something that is made later, when nobody is logged in. Only
// [Book.Orderer] makes one, of a caller; the zero Orderer is nobody.
type Orderer struct {
	rolle    string
	menneske bool
	via      string
	aktor    Ansatt
	person   person.ID
}

// Orderer is the caller in the role, to be kept with an order that was accepted.
func (b *Book) Orderer(ctx context.Context, who identity.Caller, rolleID string) (Orderer, error) {
	h, err := b.Holder(ctx, who, rolleID)
	if err != nil || h.Profil == nil {
		return Orderer{}, err
	}
	return Orderer{rolleID, h.Menneske, h.PaaVegneAv, Ansatt{ID: h.Aktor, FiksOrgID: h.FiksOrgID}, h.Person}, nil
}

// Is reports whether the orderer is the human that the caller is. An integration is nobody.
func (o Orderer) Is(who identity.Caller) bool { return !o.person.IsZero() && o.person == who.Person() }

// HolderOf gives what the orderer is in the role now, as [Book.Holder] gives a caller: policy refuses
// one who is no longer employed under the same number, whose integration is gone or shut, or who has
// the role no more. An error means that the store could not answer.
func (b *Book) HolderOf(ctx context.Context, o Orderer, at time.Time) (policy.Holder, error) {
	h := policy.Holder{Person: o.person, Menneske: o.menneske, PaaVegneAv: o.via, Aktor: o.aktor.ID, FiksOrgID: o.aktor.FiksOrgID}
	there, err := b.there(ctx, o, at)
	if err != nil || !there {
		return h, err
	}
	c, err := b.compiled(ctx, o.rolle)
	if err != nil || c.profile == nil || c.profile.Role.FiksOrgID != o.aktor.FiksOrgID {
		return h, err
	}
	return b.held(ctx, h, o.aktor, c)
}

// there reports whether the orderer, and the system that an employee ordered through, still are who they
// were.
func (b *Book) there(ctx context.Context, o Orderer, at time.Time) (bool, error) {
	system := o.via
	if o.person.IsZero() {
		system = o.aktor.ID
	}
	if system != "" {
		i, err := identity.NewIntegrations(b.store).Integration(ctx, system)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return false, nil
		case err != nil:
			return false, unreadable(err)
		case !i.InForce(at) || i.FiksOrgID != o.aktor.FiksOrgID:
			return false, nil
		}
	}
	if o.person.IsZero() {
		return system != "", nil
	}
	found, err := b.employments(ctx, o.person)
	return slices.ContainsFunc(found, func(a Ansatt) bool { return a.ID == o.aktor.ID && a.FiksOrgID == o.aktor.FiksOrgID }), err
}

// sealed is an Orderer as it is kept. It never leaves its seal.
type sealed struct {
	Rolle, Aktor, FiksOrgID, Via, Person string
	Menneske                             bool
}

// sealPurpose is what the key is derived for.
const sealPurpose = "hjemmel/roles/bestiller"

// Seal encrypts the orderer, bound to the order that it stands in (AES-256-GCM, random nonce, a key of
// its own by HKDF): an employee's number is kept nowhere in clear.
func (b *Book) Seal(o Orderer, order []byte) ([]byte, error) {
	aead, err := secret.AEAD(b.key, sealPurpose)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(sealed{o.rolle, o.aktor.ID, o.aktor.FiksOrgID, o.via, o.person.Reveal(), o.menneske})
	return aead.Seal(nil, nil, text, order), err //nolint:gosec // the AEAD makes the nonce
}

// ErrSeal is returned for an orderer that stands in another order than it was sealed with, or was
// changed.
var ErrSeal = errors.New("roles: the order is not as it was accepted")

// Unseal gives the orderer of an order that Seal sealed.
func (b *Book) Unseal(text, order []byte) (o Orderer, err error) {
	aead, err := secret.AEAD(b.key, sealPurpose)
	if err != nil {
		return o, err
	}
	var s sealed
	clear, err := aead.Open(nil, nil, text, order)
	if err != nil || json.Unmarshal(clear, &s) != nil {
		return o, ErrSeal
	}
	o = Orderer{s.Rolle, s.Menneske, s.Via, Ansatt{ID: s.Aktor, FiksOrgID: s.FiksOrgID}, person.ID{}}
	if s.Person == "" {
		return o, nil
	}
	if o.person, err = person.ParseID(s.Person); err != nil {
		return Orderer{}, ErrSeal
	}
	return o, nil
}
