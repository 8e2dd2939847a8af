package roles_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

const (
	east, west = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601", "c47e0b52-3e9d-4a7a-8f0d-2d9a5b3c4621"
	gone       = "00000000-3e9d-4a7a-8f0d-2d9a5b3c4621" // has a role and no record of its own
	indexKey   = "a person index key of thirty-two"
)

// office is two organisations with a role each, and who works there.
type office struct {
	*identitytest.World
	t                          testing.TB
	book                       *roles.Book
	eastern, western, orphaned identitytest.Login
	both, one, twice, stranger person.ID
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{World: identitytest.New(t), t: t, both: identitytest.Person(1), one: identitytest.Person(2), twice: identitytest.Person(3), stranger: identitytest.Person(4)}
	o.book = o.open(indexKey)
	o.eastern, o.western, o.orphaned = o.Register(east), o.Register(west), o.Register(gone)
	o.put(roles.PutOrganisation(roles.Organisation{FiksOrgID: east, Orgnr: "310600016", Navn: "Øst"}))
	o.put(roles.PutOrganisation(roles.Organisation{FiksOrgID: west, Orgnr: "310700010", Navn: "Vest"}))
	for id, org := range map[string]string{"rolle-east": east, "rolle-west": west, "rolle-gone": gone} {
		o.put(roles.PutRole(katalog.Standard(), role(id, org, 1, "navn")))
	}
	for ansatt, org := range map[string]string{"both-east": east, "both-west": west, "one-east": east, "twice-a": east, "twice-b": east} {
		o.put(o.book.PutAnsatt(roles.Ansatt{ID: ansatt, FiksOrgID: org, Funksjon: roles.Saksbehandler},
			map[string]person.ID{"both": o.both, "one-": o.one, "twic": o.twice}[ansatt[:4]]))
	}
	for aktor, rolle := range map[string]string{"both-east": "rolle-east", "both-west": "rolle-west", "twice-b": "rolle-east",
		o.eastern.ID: "rolle-east", o.western.ID: "rolle-west", o.orphaned.ID: "rolle-gone"} {
		o.put(roles.PutAssignment(policy.Tildeling{AktorID: aktor, RolleID: rolle}))
	}
	return o
}

func (o *office) open(key string) *roles.Book {
	o.t.Helper()
	b, err := roles.NewBook(o.Store, katalog.Standard(), []byte(key))
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) put(ops []store.Op, err error) {
	o.t.Helper()
	if err == nil {
		err = o.Store.Commit(context.Background(), ops...)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func role(id, org string, version int, codes ...string) policy.Role {
	return policy.Role{ID: id, FiksOrgID: org, Versjon: version, Tjenesteomraade: "BARNEVERN", Hjemler: []string{"folkeregisterloven-10-1"},
		Bruksomraader: []katalog.Bruk{katalog.Soek}, Opplysninger: codes, KanBrukesPaaSokeside: true, Aktiv: true}
}

func TestHolder(t *testing.T) {
	o := newOffice(t)
	type want struct {
		aktor, via, org, orgnr string
		profile                bool
		assigned               int
	}
	for name, c := range map[string]struct {
		who  identity.Caller
		role string
		want want
	}{
		"an integration in its role":                     {o.Integration(o.eastern), "rolle-east", want{o.eastern.ID, "", east, "310600016", true, 1}},
		"an integration in another's role":               {o.Integration(o.eastern), "rolle-west", want{o.eastern.ID, "", east, "", false, 0}},
		"another's integration":                          {o.Integration(o.western), "rolle-east", want{o.western.ID, "", west, "", false, 0}},
		"an integration of an organisation that is gone": {o.Integration(o.orphaned), "rolle-gone", want{o.orphaned.ID, "", gone, "", false, 0}},
		"an employee of both, east":                      {o.Employee(o.both), "rolle-east", want{"both-east", "", east, "310600016", true, 1}},
		"an employee of both, west":                      {o.Employee(o.both), "rolle-west", want{"both-west", "", west, "310700010", true, 1}},
		"an employee without the role":                   {o.Employee(o.one), "rolle-east", want{"one-east", "", east, "310600016", true, 0}},
		"an employee elsewhere":                          {o.Employee(o.one), "rolle-west", want{"one-east", "", east, "", false, 0}},
		"an employee with two employments":               {o.Employee(o.twice), "rolle-east", want{"twice-b", "", east, "310600016", true, 1}},
		"somebody who works nowhere":                     {o.Employee(o.stranger), "rolle-east", want{}},
		"an employee through a system":                   {o.EmployeeVia(o.both, o.eastern), "rolle-east", want{"both-east", o.eastern.ID, east, "310600016", true, 1}},
		"through a system, in the other employment":      {o.EmployeeVia(o.both, o.eastern), "rolle-west", want{"both-east", o.eastern.ID, east, "", false, 0}},
		"through a system that has the role itself":      {o.EmployeeVia(o.one, o.eastern), "rolle-east", want{"one-east", o.eastern.ID, east, "310600016", true, 0}},
		"through another organisation's system":          {o.EmployeeVia(o.one, o.western), "rolle-east", want{"", o.western.ID, "", "", false, 0}},
		"a stranger through a system":                    {o.EmployeeVia(o.stranger, o.eastern), "rolle-east", want{"", o.eastern.ID, "", "", false, 0}},
		"nobody":                                         {identity.Caller{}, "rolle-east", want{}},
		"a role that does not exist":                     {o.Integration(o.eastern), "rolle-nord", want{o.eastern.ID, "", east, "", false, 0}},
	} {
		h, err := o.book.Holder(t.Context(), c.who, c.role)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := want{h.Aktor, h.PaaVegneAv, h.FiksOrgID, h.Orgnr, h.Profil != nil, len(h.Tildelinger)}
		if got != c.want || h.Person != c.who.Person() || h.Menneske != (c.who.Kind() == identity.KindEmployee) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		d := policy.Decide(h, policy.Ask{Action: policy.Oppslag, Subjects: []person.ID{identitytest.Person(9)}, At: time.Now()})
		if d.Denied() != (c.want.assigned == 0) || (d.Denied() && d.Fault().Code != "ROLLE_IKKE_TILGJENGELIG") {
			t.Errorf("%s: decided %v", name, d.Fault())
		}
	}
}

// A role id comes from a URL. Whatever it is, it is no key of another kind and no error.
func TestOddRoleIDs(t *testing.T) {
	o := newOffice(t)
	for _, id := range []string{"", ".", "..", "/", "rolle-east/", "/rolle-east", "x/../rolle-east", "rolle-east\x00", "rolle-east ", "rolle%2Deast", "ROLLE-EAST",
		"rølle", "*", strings.Repeat("a", 64), strings.Repeat("a", 65), strings.Repeat("a", 10_000), "rolle-east\n", "\xff"} {
		h, err := o.book.Holder(t.Context(), o.Integration(o.eastern), id)
		if err != nil || h.Profil != nil || h.Tildelinger != nil || h.Aktor != o.eastern.ID {
			t.Errorf("%.80q: %+v, %v", id, h, err)
		}
	}
}

func TestWhatCannotBeAKeyIsNotWritten(t *testing.T) {
	o := newOffice(t)
	for _, id := range []string{"", "a/b", "å", "a b", strings.Repeat("a", 65), ".."} {
		for what, put := range map[string]func() ([]store.Op, error){
			"organisation":      func() ([]store.Op, error) { return roles.PutOrganisation(roles.Organisation{FiksOrgID: id}) },
			"role":              func() ([]store.Op, error) { return roles.PutRole(katalog.Standard(), role(id, east, 1)) },
			"role's org":        func() ([]store.Op, error) { return roles.PutRole(katalog.Standard(), role("r", id, 1)) },
			"employee":          func() ([]store.Op, error) { return o.book.PutAnsatt(roles.Ansatt{ID: id, FiksOrgID: east}, o.one) },
			"employee's org":    func() ([]store.Op, error) { return o.book.PutAnsatt(roles.Ansatt{ID: "a", FiksOrgID: id}, o.one) },
			"assignment":        func() ([]store.Op, error) { return roles.PutAssignment(policy.Tildeling{AktorID: id, RolleID: "r"}) },
			"assignment's role": func() ([]store.Op, error) { return roles.PutAssignment(policy.Tildeling{AktorID: "a", RolleID: id}) },
		} {
			if ops, err := put(); err == nil || len(ops) > 0 || (len(id) > 5 && strings.Contains(err.Error(), id)) {
				t.Errorf("%s %q: %d writes, %v", what, id, len(ops), err)
			}
		}
	}
	for name, r := range map[string]policy.Role{
		"no version": role("r", east, 0, "navn"), "more than its area has": role("r", east, 1, "finnesIkke"),
		"an unknown area": {ID: "r", FiksOrgID: east, Versjon: 1, Tjenesteomraade: "INGEN"},
	} {
		if ops, err := roles.PutRole(katalog.Standard(), r); err == nil || len(ops) > 0 {
			t.Errorf("%s: written", name)
		}
	}
	for n := range 32 {
		if _, err := roles.NewBook(o.Store, katalog.Standard(), make([]byte, n)); !errors.Is(err, roles.ErrKey) {
			t.Errorf("a key of %d bytes: %v", n, err)
		}
	}
}

// A change of a role shows at the next read, in every process, whether or not its version went up.
func TestProfilesFollowTheRole(t *testing.T) {
	o := newOffice(t)
	other := o.open(indexKey)
	who := o.Integration(o.eastern)
	shows := func(b *roles.Book) (int, []string) {
		h, err := b.Holder(t.Context(), who, "rolle-east")
		if err != nil {
			t.Fatal(err)
		}
		var tops []string
		for _, c := range h.Profil.Codes {
			top, _, _ := strings.Cut(c, ".")
			tops = append(tops, top)
		}
		slices.Sort(tops)
		return h.Profil.Role.Versjon, slices.Compact(tops)
	}
	for i, r := range []policy.Role{
		role("rolle-east", east, 1, "navn"), role("rolle-east", east, 2, "foedsel", "navn"), role("rolle-east", east, 3, "foedsel"),
		role("rolle-east", east, 3, "kjoenn"), role("rolle-east", east, 2, "navn"),
	} {
		o.put(roles.PutRole(katalog.Standard(), r))
		for _, b := range []*roles.Book{o.book, other, o.book} {
			if version, tops := shows(b); version != r.Versjon || !slices.Equal(tops, r.Opplysninger) {
				t.Errorf("change %d: version %d shows %v, want %d and %v", i, version, tops, r.Versjon, r.Opplysninger)
			}
		}
	}
	first, err1 := o.book.Holder(t.Context(), who, "rolle-east")
	second, err2 := o.book.Holder(t.Context(), who, "rolle-east")
	if err1 != nil || err2 != nil || first.Profil != second.Profil {
		t.Error("the same role is compiled twice")
	}
	for version := 1; version <= 3; version++ {
		if _, err := o.Store.Get(t.Context(), fmt.Sprintf("rolleversjon/rolle-east/%06d", version)); err != nil {
			t.Errorf("version %d is lost: %v", version, err)
		}
	}
	inactive := role("rolle-east", east, 4, "navn")
	inactive.Aktiv = false
	o.put(roles.PutRole(katalog.Standard(), inactive))
	if h, err := o.book.Holder(t.Context(), who, "rolle-east"); err != nil || h.Profil.Role.Aktiv {
		t.Error("a role that was stopped is still in use")
	}
	r, err := o.Store.Get(t.Context(), "rolle/rolle-east")
	if err != nil {
		t.Fatal(err)
	}
	o.put([]store.Op{store.DeleteIf(r.Key, r.Revision)}, nil)
	if h, err := o.book.Holder(t.Context(), who, "rolle-east"); err != nil || h.Profil != nil {
		t.Error("a role that was removed is still in use")
	}
}

// Readers among changes see one version or another, whole.
func TestProfilesAmongChanges(t *testing.T) {
	o := newOffice(t)
	who, names := o.Integration(o.eastern), []string{"navn", "foedsel", "kjoenn", "status"}
	o.put(roles.PutRole(katalog.Standard(), role("rolle-east", east, 4, "navn")))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				h, err := o.book.Holder(t.Context(), who, "rolle-east")
				if err != nil || h.Profil == nil || !h.Profil.Holds(names[h.Profil.Role.Versjon%4]) || len(h.Profil.Innhold()) == 0 || h.Profil.Holds(names[(h.Profil.Role.Versjon+1)%4]) {
					t.Errorf("version %d holds %v: %v", h.Profil.Role.Versjon, h.Profil.Role.Opplysninger, err)
					return
				}
			}
		})
	}
	for v := 5; v < 60; v++ {
		o.put(roles.PutRole(katalog.Standard(), role("rolle-east", east, v, names[v%4])))
	}
	wg.Wait()
}

func TestNoNumberIsInTheStore(t *testing.T) {
	o := newOffice(t)
	index := func() (keys []string) {
		records, err := o.Store.Scan(t.Context(), "", "", 1000)
		if err != nil || len(records) < 20 {
			t.Fatalf("%d records: %v", len(records), err)
		}
		for _, r := range records {
			for _, id := range []person.ID{o.both, o.one, o.twice, o.stranger} {
				if strings.Contains(r.Key, id.Reveal()) || bytes.Contains(r.Value, []byte(id.Reveal())) {
					t.Errorf("a number is in the store at %s", r.Key)
				}
			}
			if strings.HasPrefix(r.Key, "ansattindeks/") {
				keys = append(keys, r.Key)
			}
		}
		return keys
	}
	before := index()
	if len(before) != 5 {
		t.Fatalf("%d in the index", len(before))
	}
	// Who does not have the key cannot find the person, nor tell by trying all numbers.
	stolen := o.open("another person index key, 32 byte")
	if h, err := stolen.Holder(t.Context(), o.Employee(o.both), "rolle-east"); err != nil || h.Aktor != "" || h.Profil != nil {
		t.Error("the index is read with another key")
	}
	o.put(stolen.PutAnsatt(roles.Ansatt{ID: "both-east", FiksOrgID: east}, o.both))
	if after := index(); len(after) != 6 {
		t.Error("the index does not depend on the key")
	}
}

// Whichever read fails, the answer is that we do not know, never that the role is not theirs.
func TestAStoreThatIsDown(t *testing.T) {
	o := newOffice(t)
	for name, who := range map[string]identity.Caller{
		"integration": o.Integration(o.eastern), "employee": o.Employee(o.both), "via": o.EmployeeVia(o.both, o.eastern),
	} {
		for method, ask := range map[string]func() error{
			"Holder": func() error { _, err := o.open(indexKey).Holder(t.Context(), who, "rolle-east"); return err },
			"Held":   func() error { _, err := o.open(indexKey).Held(t.Context(), who); return err },
		} {
			failed := 0
			for nth := 1; ; nth++ {
				reads := 0
				o.Store.Hook(func(_ context.Context, c storetest.Call) error {
					if c.Moment == storetest.Before && c.Method != storetest.Commit {
						if reads++; reads == nth {
							return store.Unavailable(storetest.ErrInjected)
						}
					}
					return nil
				})
				err := ask()
				o.Store.Hook(nil)
				if reads < nth {
					break // none was left to fail
				}
				if failed++; !fault.Is(err, fault.Unavailable) || !errors.Is(err, storetest.ErrInjected) {
					t.Errorf("%s of an %s, read %d failing: %v", method, name, nth, err)
				}
			}
			if failed < 3 {
				t.Errorf("%s of an %s makes %d reads", method, name, failed)
			}
		}
	}
}

// A record that cannot be read gives nobody anything.
func TestDamagedRecords(t *testing.T) {
	o := newOffice(t)
	for _, key := range []string{"rolle/rolle-east", "organisasjon/" + east, "ansatt/both-east", "tildeling/both-east/rolle-east"} {
		was, err := o.Store.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		for _, damaged := range []string{"", "{", `[]`, `"x"`, `{"versjon":"x","fiksOrgId":7,"rolleId":1,"id":2}`} {
			o.put([]store.Op{store.Put(key, []byte(damaged))}, nil)
			h, err := o.book.Holder(t.Context(), o.Employee(o.both), "rolle-east")
			if !fault.Is(err, fault.Internal) || len(h.Tildelinger) > 0 {
				t.Errorf("%s is %q: %v", key, damaged, err)
			}
		}
		o.put([]store.Op{store.Put(key, was.Value)}, nil)
	}
	if h, err := o.book.Holder(t.Context(), o.Employee(o.both), "rolle-east"); err != nil || len(h.Tildelinger) != 1 {
		t.Errorf("mended: %v", err)
	}
}

func TestHeld(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct {
		who  identity.Caller
		want []string
	}{
		"both": {o.Employee(o.both), []string{"rolle-east", "rolle-west"}}, "both via east": {o.EmployeeVia(o.both, o.eastern), []string{"rolle-east"}},
		"twice": {o.Employee(o.twice), []string{"rolle-east"}}, "one": {o.Employee(o.one), nil}, "stranger": {o.Employee(o.stranger), nil},
		"integration": {o.Integration(o.western), []string{"rolle-west"}}, "orphaned": {o.Integration(o.orphaned), nil}, "nobody": {identity.Caller{}, nil},
	} {
		held, err := o.book.Held(t.Context(), c.who)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, h := range held {
			if got = append(got, h.Profil.Role.ID); len(h.Tildelinger) != 1 {
				t.Errorf("%s: %d assignments of %s", name, len(h.Tildelinger), h.Profil.Role.ID)
			}
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s holds %v", name, got)
		}
	}
}

// A colleague is employed by the organisation, whatever else they are, and nobody is their own.
func TestColleagues(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct {
		org, aktor string
		person     person.ID
		want       bool
	}{
		"a colleague":              {east, "one-east", o.both, true},
		"of the other":             {west, "both-west", o.one, false},
		"themselves":               {east, "one-east", o.one, false},
		"themselves in a job more": {east, "twice-a", o.twice, false},
		"another's employee":       {west, "one-east", o.one, false},
		"nobody's":                 {east, "one-east", o.stranger, false},
		"a system asks":            {east, o.eastern.ID, o.one, true},
	} {
		if got, err := o.book.Colleague(t.Context(), c.org, c.aktor, c.person); got != c.want || err != nil {
			t.Errorf("%s: %t %v", name, got, err)
		}
	}
}
