// Package roles knows who holds which role where: organisations, roles in versions, employees and
// assignments, as records in the store.
//
// [Book.Holder] turns a caller and a role id into what policy judges, [Book.HolderOf] whoever ordered
// something before. It decides nothing: an unknown
// role, another organisation's role and a role that is not assigned give a holder that policy
// refuses. It refuses to keep an employee's number in clear: the index from person to employee is a keyed
// hash, and an order's is sealed.
package roles

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles/overlay"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/store"
)

// Organisation is a municipality, county or other body that uses the platform.
type Organisation struct {
	FiksOrgID     string `json:"fiksOrgId"`
	Orgnr         string `json:"orgnr"`
	Navn          string `json:"navn"`
	Kommunenummer string `json:"kommunenummer"`
	// HabilitetOverstyring lets employees look up close family with a reason.
	HabilitetOverstyring bool `json:"habilitetOverstyring,omitempty"`
	// Innloggingsnivaa is the level of assurance that its employees must have logged in with; "" is any that we accept.
	Innloggingsnivaa string `json:"innloggingsnivaa,omitempty"`
	// Tjenesteomraader are the areas that the organisation may have roles in; none means all. A county
	// has no child welfare.
	Tjenesteomraader []string `json:"tjenesteomraader,omitempty"`
	// Brukerstyring says whose assignments count.
	Brukerstyring Brukerstyring `json:"brukerstyring,omitzero"`

	over store.Revision
}

// Ansatt is an employee of one organisation.
type Ansatt struct {
	ID        string   `json:"id"`
	Navn      string   `json:"navn"`
	FiksOrgID string   `json:"fiksOrgId"`
	Funksjon  Funksjon `json:"funksjon"`
}

// employment is an employee's record. Person is the index entry that finds it: an entry that was left
// behind when the number was corrected finds nobody.
type employment struct {
	Ansatt
	Person string `json:"person"`
}

// Funksjon is what an employee is on the platform.
type Funksjon string

// The functions.
const (
	Saksbehandler Funksjon = "saksbehandler"
	Administrator Funksjon = "administrator"
	Personvern    Funksjon = "personvernombud"
	Revisor       Funksjon = "revisor"
	Operatoer     Funksjon = "operatoer"
)

// Book reads roles. It is safe for concurrent use, and a change in the store shows at the next read.
type Book struct {
	store     store.Store
	catalogue *overlay.Catalogue
	synced    *synced.Book
	key       []byte

	mu       sync.RWMutex
	profiles map[string]compiled // by role id; of the record that was read last
}

// compiled is the profile of one version of a role's record in one version of the catalogue.
type compiled struct {
	revision store.Revision
	katalog  *katalog.Katalog
	profile  *policy.Profile
	frister  []Frist
}

// ErrKey is returned for an index key under 32 bytes.
var ErrKey = errors.New("roles: the person index key must be at least 32 bytes")

// NewBook opens the book. personKey hashes employees' numbers and is at least 32 bytes.
func NewBook(s store.Store, k *katalog.Katalog, personKey []byte) (*Book, error) {
	if len(personKey) < 32 {
		return nil, ErrKey
	}
	from, err := synced.NewBook(s, personKey)
	return &Book{store: s, catalogue: overlay.New(s, k), synced: from, key: personKey, profiles: map[string]compiled{}}, err
}

// Synced is what the organisations' identity systems have told us.
func (b *Book) Synced() *synced.Book { return b.synced }

// Katalog is the catalogue that roles were read against last.
func (b *Book) Katalog() *katalog.Katalog { return b.catalogue.Latest() }

// Catalogue is the catalogue with what the operator has changed. A change of it shows in the profiles
// as soon as a change of a role does.
func (b *Book) Catalogue() *overlay.Catalogue { return b.catalogue }

// plain reports whether s can be part of a key: a UUID or another short id.
func plain(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}

func (b *Book) personIndex(id person.ID) string { return synced.PersonIndex(b.key, id) }

// Holder gives what the caller is in the role. A role id that is no role of theirs gives a holder
// whom policy refuses; an error means that the store could not answer.
func (b *Book) Holder(ctx context.Context, who identity.Caller, rolleID string) (policy.Holder, error) {
	aktorer, err := b.aktorer(ctx, who)
	if err != nil {
		return policy.Holder{}, err
	}
	h := b.unassigned(who, aktorer)
	if !plain(rolleID) {
		return h, nil
	}
	c, err := b.compiled(ctx, rolleID)
	if err != nil || c.profile == nil {
		return h, err
	}
	found := h
	for _, a := range aktorer {
		if a.FiksOrgID != c.profile.Role.FiksOrgID {
			continue
		}
		as, err := b.held(ctx, h, a, c)
		if err != nil {
			return found, err
		}
		if len(found.Tildelinger) == 0 {
			found = as
		} else { // known to two identity systems: what either gives
			found.Tildelinger = append(found.Tildelinger, as.Tildelinger...)
		}
	}
	return found, nil
}

// unassigned is the caller without a role: enough to write a refusal down.
func (b *Book) unassigned(who identity.Caller, aktorer []Ansatt) policy.Holder {
	h := policy.Holder{Person: who.Person(), Menneske: who.Kind() == identity.KindEmployee}
	if who.Kind() == identity.KindEmployeeViaIntegration {
		h.PaaVegneAv = who.IntegrationID()
	}
	if len(aktorer) > 0 {
		h.Aktor, h.FiksOrgID = aktorer[0].ID, aktorer[0].FiksOrgID
	}
	return h
}

func (b *Book) held(ctx context.Context, h policy.Holder, a Ansatt, c compiled) (policy.Holder, error) {
	p := c.profile
	org, ok, err := read[Organisation](ctx, b.store, organisationKey(p.Role.FiksOrgID))
	if err != nil || !ok { // in whose name should the register be asked?
		return h, err
	}
	given, err := b.given(ctx, org, a.ID, p.Role.ID)
	if err != nil {
		return h, err
	}
	h.Aktor, h.FiksOrgID, h.Orgnr, h.KanOverstyre = a.ID, a.FiksOrgID, org.Orgnr, org.HabilitetOverstyring
	for _, t := range given {
		t.Til = ends(c.frister, t)
		h.Tildelinger = append(h.Tildelinger, t.Tildeling)
	}
	h.Profil = p
	return b.widened(ctx, h)
}

// compiled reads a role and compiles it, once for each version of its record; without a profile where
// there is no such role.
func (b *Book) compiled(ctx context.Context, rolleID string) (compiled, error) {
	r, err := b.store.Get(ctx, roleKey(rolleID))
	if errors.Is(err, store.ErrNotFound) {
		return compiled{}, nil
	}
	if err != nil {
		return compiled{}, unreadable(err)
	}
	k, err := b.catalogue.Current(ctx)
	if err != nil {
		return compiled{}, unreadable(err)
	}
	b.mu.RLock()
	c, ok := b.profiles[rolleID]
	b.mu.RUnlock()
	if ok && c.revision == r.Revision && c.katalog == k {
		return c, nil
	}
	v, err := decode[Version](r)
	if err != nil {
		return compiled{}, err
	}
	c = compiled{r.Revision, k, policy.Compile(k, v.Role), v.Frister}
	b.mu.Lock()
	b.profiles[rolleID] = c
	b.mu.Unlock()
	return c, nil
}

// aktorer lists what the caller is: an integration as itself, an employee as each of their
// employments, through an integration only that in the integration's organisation.
func (b *Book) aktorer(ctx context.Context, who identity.Caller) ([]Ansatt, error) {
	switch who.Kind() {
	case identity.KindIntegration:
		return []Ansatt{{ID: who.IntegrationID(), FiksOrgID: who.Organisation()}}, nil
	case identity.KindEmployee, identity.KindEmployeeViaIntegration:
	default:
		return nil, nil
	}
	found, err := b.employments(ctx, who.Person())
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(a Ansatt) bool { return who.Organisation() != "" && who.Organisation() != a.FiksOrgID })
	return b.high(ctx, who, found)
}

func (b *Book) employments(ctx context.Context, number person.ID) ([]Ansatt, error) {
	index := b.personIndex(number)
	entries, err := b.store.Scan(ctx, index, "", 100)
	if err != nil {
		return nil, unreadable(err)
	}
	var found []Ansatt
	for _, r := range entries {
		a, ok, err := b.employment(ctx, r.Key[len(index):])
		if err != nil {
			return nil, err
		}
		if ok && a.Person == index {
			found = append(found, a.Ansatt)
		}
	}
	// Employments come before what identity systems say: "SDB_…" sorts before other ids.
	slices.SortStableFunc(found, func(a, b Ansatt) int { return order(a) - order(b) })
	return found, nil
}

// Held lists the roles assigned to the caller, valid or not; policy says which can be used.
func (b *Book) Held(ctx context.Context, who identity.Caller) ([]policy.Holder, error) {
	aktorer, err := b.aktorer(ctx, who)
	if err != nil {
		return nil, err
	}
	var held []policy.Holder
	seen := map[string]bool{}
	for _, a := range aktorer {
		assigned, err := b.assignedTo(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		for _, rolle := range assigned {
			if seen[rolle] {
				continue
			}
			seen[rolle] = true
			h, err := b.Holder(ctx, who, rolle)
			if err != nil {
				return nil, err
			}
			if len(h.Tildelinger) > 0 {
				held = append(held, h)
			}
		}
	}
	return held, nil
}

// read gets and decodes a record; ok is false where there is none.
func read[T any](ctx context.Context, s store.Store, key string) (v T, ok bool, err error) {
	r, err := s.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return v, false, nil
	}
	if err != nil {
		return v, false, unreadable(err)
	}
	v, err = decode[T](r)
	return v, err == nil, err
}

func unreadable(cause error) error {
	return fault.From(fault.Unavailable, "TILGANGER_UTILGJENGELIG", "Tilgangene kan ikke leses nå. Prøv igjen om litt.", cause)
}

// decode reads a record. Its error does not wrap the decoder's, which quotes what it cannot read.
func decode[T any](r store.Record) (v T, err error) {
	if json.Unmarshal(r.Value, &v) != nil {
		return v, fault.From(fault.Internal, "INTERN_FEIL", "Noe gikk galt hos oss. Oppgi feil-id ved henvendelse.", fmt.Errorf("roles: a record is no %T", v))
	}
	return v, nil
}
