package overlay

import (
	"slices"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func area(t *testing.T, c *Catalogue, kode string) Area {
	t.Helper()
	a, ok, err := c.Area(t.Context(), kode)
	if err != nil || !ok {
		t.Fatalf("%s: %v %v", kode, ok, err)
	}
	return a
}

// Two processes: what one changes the other sees at its next reading, and only then reads it all.
func TestAChangeIsSeenByOthers(t *testing.T) {
	s := storetest.NewMemory()
	one, other := New(s, katalog.Standard()), New(s, katalog.Standard())
	if err := Seed(t.Context(), s); err != nil || Seed(t.Context(), s) != nil {
		t.Fatal(err)
	}
	before, err := other.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := other.Current(t.Context()); err != nil || again != before {
		t.Errorf("read anew without a change: %v", err)
	}
	read := area(t, one, "BARNEVERN")
	changed := read.Tjenesteomraade
	changed.GyldigTil = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	ops, err := one.Change(read, changed)
	if err == nil {
		err = s.Commit(t.Context(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	after, err := other.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := after.Area("BARNEVERN"); !a.GyldigTil.Equal(changed.GyldigTil) || len(after.Tjenesteomraader) != len(before.Tjenesteomraader) {
		t.Error("the change is not seen")
	}
	if a, _ := katalog.Standard().Area("BARNEVERN"); !a.GyldigTil.IsZero() {
		t.Error("what ships with the program was changed")
	}
	// Who read before that, and whoever changes another area at the same time, loses.
	ops, err = one.Change(read, changed)
	if err != nil || s.Commit(t.Context(), ops...) == nil {
		t.Errorf("a lost update: %v", err)
	}
	here, there := area(t, one, "VALG"), area(t, other, "HELSE")
	first, _ := one.Change(here, here.Tjenesteomraade)
	second, _ := other.Change(there, there.Tjenesteomraade)
	if s.Commit(t.Context(), first...) != nil || s.Commit(t.Context(), second...) == nil {
		t.Error("two at once")
	}
}

// What cannot be read stops everything: a catalogue in part would be another catalogue.
func TestWhatCannotBeReadIsNoCatalogue(t *testing.T) {
	for name, value := range map[string]string{
		"not JSON": "{", "another's code": `{"kode":"ANNET"}`,
		"an unknown opplysning": `{"kode":"BARNEVERN","registre":[{"register":"FOLKEREGISTER","opplysninger":["finnesIkke"]}]}`,
	} {
		s := storetest.NewMemory()
		if err := s.Commit(t.Context(), store.Create(versionKey, []byte("1")), store.Create(areaPrefix+"BARNEVERN", []byte(value))); err != nil {
			t.Fatal(err)
		}
		c := New(s, katalog.Standard())
		if k, err := c.Current(t.Context()); err == nil || k != nil {
			t.Errorf("%s is a catalogue", name)
		}
	}
	f := storetest.Faulty(storetest.NewMemory())
	c := New(f, katalog.Standard())
	f.FailReads(1)
	if _, err := c.Current(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
}

func TestChangesThatCannotBe(t *testing.T) {
	c := New(storetest.NewMemory(), katalog.Standard())
	read := area(t, c, "BARNEVERN")
	for field, change := range map[string]func(*katalog.Tjenesteomraade){
		"kode":                    func(a *katalog.Tjenesteomraade) { a.Kode = "barnevern/x" },
		"navn":                    func(a *katalog.Tjenesteomraade) { a.Navn.Nn = "" },
		"rettighetspakke":         func(a *katalog.Tjenesteomraade) { a.Rettighetspakke = "ALT" },
		"gradertAdresse":          func(a *katalog.Tjenesteomraade) { a.GradertAdresse = "VISES" },
		"bruksomraader":           func(a *katalog.Tjenesteomraade) { a.Bruksomraader = []katalog.Bruk{"SALG"} },
		"gyldigTil":               func(a *katalog.Tjenesteomraade) { a.GyldigFra, a.GyldigTil = time.Unix(2, 0), time.Unix(1, 0) },
		"lovhjemler.art":          func(a *katalog.Tjenesteomraade) { a.Lovhjemler[0].Art = "ALT" },
		"lovhjemler.lovdataLenke": func(a *katalog.Tjenesteomraade) { a.Lovhjemler[0].LovdataLenke = "javascript:alert(1)" },
		"lovhjemler.id":           func(a *katalog.Tjenesteomraade) { a.Lovhjemler[1].ID = a.Lovhjemler[0].ID },
		"registre": func(a *katalog.Tjenesteomraade) {
			a.Registre = []katalog.Utvalg{{Register: "FOLKEREGISTER", Opplysninger: []string{"finnesIkke"}}}
		},
	} {
		a := area(t, c, "BARNEVERN").Tjenesteomraade
		change(&a)
		ops, err := c.Change(read, a)
		if ops != nil || !fault.Is(err, fault.Invalid) || !slices.Equal(fault.Of(err).Elements, []string{field}) {
			t.Errorf("%s: %v %v", field, fault.Of(err).Elements, err)
		}
	}
	for _, a := range katalog.Standard().Tjenesteomraader {
		if p := a.Problems(); len(p) > 0 {
			t.Errorf("%s, which ships with the program: %v", a.Kode, p)
		}
	}
}
