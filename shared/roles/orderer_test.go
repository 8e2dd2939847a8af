package roles_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
)

// An orderer who is still there is the holder that the caller was, through the seal and back.
func TestAnOrdererIsTheHolderThatTheCallerWas(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct {
		who  identity.Caller
		role string
	}{
		"an integration": {o.Integration(o.eastern), "rolle-east"}, "an employee": {o.Employee(o.both), "rolle-west"},
		"one with two employments": {o.Employee(o.twice), "rolle-east"}, "through a system": {o.EmployeeVia(o.both, o.eastern), "rolle-east"},
		"an employee without the role": {o.Employee(o.one), "rolle-east"},
	} {
		want, err := o.book.Holder(t.Context(), c.who, c.role)
		if err != nil {
			t.Fatal(err)
		}
		got, text := o.again(c.who, c.role)
		if orderer, err := o.book.Orderer(t.Context(), c.who, c.role); err != nil || orderer.Is(o.Employee(o.stranger)) || !c.who.Person().IsZero() && !orderer.Is(c.who) && got.Profil != nil {
			t.Errorf("%s: who ordered is not who they are, %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if !c.who.Person().IsZero() && strings.Contains(string(text), c.who.Person().Reveal()) {
			t.Errorf("%s: the number stands in clear", name)
		}
	}
}

// again seals the caller in the role, opens the seal and finds the holder.
func (o *office) again(who identity.Caller, role string) (policy.Holder, []byte) {
	o.t.Helper()
	orderer, err := o.book.Orderer(o.t.Context(), who, role)
	o.must(err)
	text, err := o.book.Seal(orderer, []byte("bestilling"))
	o.must(err)
	opened, err := o.book.Unseal(text, []byte("bestilling"))
	o.must(err)
	h, err := o.book.HolderOf(o.t.Context(), opened, time.Now())
	o.must(err)
	return h, text
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// Nobody, and whoever holds no role that we know of, is an orderer whom policy refuses.
func TestAnOrdererOfNothing(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct {
		who  identity.Caller
		role string
	}{
		"nobody": {identity.Caller{}, "rolle-east"}, "a stranger": {o.Employee(o.stranger), "rolle-east"}, "another's role": {o.Integration(o.eastern), "rolle-west"},
		"no role": {o.Integration(o.eastern), "rolle-nord"}, "an organisation that is gone": {o.Integration(o.orphaned), "rolle-gone"},
	} {
		if h, _ := o.again(c.who, c.role); h.Profil != nil || len(h.Tildelinger) > 0 {
			t.Errorf("%s: %+v", name, h)
		}
	}
	if h, err := o.book.HolderOf(t.Context(), roles.Orderer{}, time.Now()); err != nil || h.Profil != nil {
		t.Errorf("the zero Orderer: %+v, %v", h, err)
	}
}

// A seal is worth nothing in another order, under another key, or with a bit turned.
func TestASealIsBound(t *testing.T) {
	o := newOffice(t)
	orderer, err := o.book.Orderer(t.Context(), o.Employee(o.both), "rolle-east")
	o.must(err)
	text, err := o.book.Seal(orderer, []byte("en"))
	o.must(err)
	turned := bytes.Clone(text)
	turned[len(turned)/2] ^= 4
	for name, open := range map[string]func() (roles.Orderer, error){
		"another order": func() (roles.Orderer, error) { return o.book.Unseal(text, []byte("to")) },
		"another key":   func() (roles.Orderer, error) { return o.open(strings.Repeat("k", 32)).Unseal(text, []byte("en")) },
		"a bit":         func() (roles.Orderer, error) { return o.book.Unseal(turned, []byte("en")) },
		"nothing":       func() (roles.Orderer, error) { return o.book.Unseal(nil, []byte("en")) },
		"cut":           func() (roles.Orderer, error) { return o.book.Unseal(text[:20], []byte("en")) },
	} {
		if got, err := open(); !errors.Is(err, roles.ErrSeal) || got != (roles.Orderer{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := fmt.Sprintf("%+v %v", orderer, text); strings.Contains(s, o.both.Reveal()) {
		t.Error("an orderer prints the number")
	}
}

// Who is gone is found no more, whoever else has come in their place.
func TestAnOrdererWhoIsGone(t *testing.T) {
	for name, c := range map[string]struct {
		who    func(o *office) identity.Caller
		change func(o *office)
	}{
		"the employee": {func(o *office) identity.Caller { return o.Employee(o.both) }, func(o *office) { o.erase("ansatt/both-east") }},
		"the number belongs to another": {func(o *office) identity.Caller { return o.Employee(o.both) }, func(o *office) {
			o.put(o.book.PutAnsatt(roles.Ansatt{ID: "both-east", FiksOrgID: east, Funksjon: roles.Saksbehandler}, o.stranger))
		}},
		"the employee works elsewhere": {func(o *office) identity.Caller { return o.Employee(o.both) }, func(o *office) {
			o.put(o.book.PutAnsatt(roles.Ansatt{ID: "both-east", FiksOrgID: west, Funksjon: roles.Saksbehandler}, o.both))
		}},
		"the system":              {func(o *office) identity.Caller { return o.Integration(o.eastern) }, func(o *office) { o.erase("integrasjon/" + o.eastern.ID) }},
		"the system they used":    {func(o *office) identity.Caller { return o.EmployeeVia(o.both, o.eastern) }, func(o *office) { o.erase("integrasjon/" + o.eastern.ID) }},
		"the system is not open":  {func(o *office) identity.Caller { return o.Integration(o.eastern) }, func(o *office) { o.shut(func(i *identity.Integration) { i.GyldigFra = time.Now().Add(time.Hour) }) }},
		"the system's time is up": {func(o *office) identity.Caller { return o.EmployeeVia(o.both, o.eastern) }, func(o *office) { o.shut(func(i *identity.Integration) { i.GyldigTil = time.Now().Add(-time.Hour) }) }},
		"the system is another's": {func(o *office) identity.Caller { return o.Integration(o.eastern) }, func(o *office) { o.shut(func(i *identity.Integration) { i.FiksOrgID = west }) }},
		"the role":                {func(o *office) identity.Caller { return o.Employee(o.both) }, func(o *office) { o.erase("rolle/rolle-east") }},
	} {
		o := newOffice(t)
		orderer, err := o.book.Orderer(t.Context(), c.who(o), "rolle-east")
		o.must(err)
		c.change(o)
		h, err := o.book.HolderOf(t.Context(), orderer, time.Now())
		if err != nil || h.Profil != nil || len(h.Tildelinger) > 0 || h.Aktor == "" || h.FiksOrgID != east {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
		if d := policy.Decide(h, policy.Ask{Action: policy.Oppslag, Subjects: []person.ID{o.one}, At: time.Now()}); !d.Denied() || d.Fault().Code != "ROLLE_IKKE_TILGJENGELIG" {
			t.Errorf("%s: %v", name, d.Fault())
		}
	}
}

func (o *office) erase(key string) {
	o.t.Helper()
	r, err := o.Store.Get(o.t.Context(), key)
	o.must(err)
	o.must(o.Store.Commit(o.t.Context(), store.DeleteIf(key, r.Revision)))
}

func (o *office) shut(change func(*identity.Integration)) {
	o.t.Helper()
	i, err := identity.NewIntegrations(o.Store).Integration(o.t.Context(), o.eastern.ID)
	o.must(err)
	change(&i)
	op, err := i.Put()
	o.put([]store.Op{op}, err)
}

// A record that cannot be read is an error and not a refusal: the order is tried again.
func TestAnOrdererWhoCannotBeRead(t *testing.T) {
	for _, who := range []func(*office) identity.Caller{
		func(o *office) identity.Caller { return o.Integration(o.eastern) }, func(o *office) identity.Caller { return o.Employee(o.both) },
	} {
		o := newOffice(t)
		orderer, err := o.book.Orderer(t.Context(), who(o), "rolle-east")
		o.must(err)
		o.put([]store.Op{store.Put("integrasjon/"+o.eastern.ID, []byte("{")), store.Put("ansatt/both-east", []byte("{"))}, nil)
		if _, err := o.book.HolderOf(t.Context(), orderer, time.Now()); err == nil || fault.Is(err, fault.Denied) {
			t.Errorf("%v", err)
		}
	}
}
