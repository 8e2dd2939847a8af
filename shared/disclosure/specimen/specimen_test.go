package specimen

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

var update = flag.Bool("update", false, "write the examples anew from the simulator")

// The examples are persons of the simulator, so they are synthetic and say what the register could.
func TestExamplesAreOfTheSimulator(t *testing.T) {
	people, err := population.New(population.Config{Size: population.MinSize})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range All() {
		number := people.Named()[s.Kode]
		if !number.Synthetic() {
			t.Fatalf("%s is nobody", s.Kode)
		}
		d, _, _ := people.Document(new(document.Builder), number.Reveal())
		want := d.Raw
		if *update {
			if err := os.WriteFile(s.Kode+".json", want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(s.Kode + ".json"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from the simulator's (%v): go test -update", s.Kode, err)
		}
	}
}

// role may see everything that an area opens, of graded addresses too after a confirmation.
func role(t *testing.T, omraade string) *policy.Profile {
	t.Helper()
	k := katalog.Standard()
	area, ok := k.Area(omraade)
	if !ok {
		t.Fatal(omraade)
	}
	r := policy.Role{Tjenesteomraade: omraade, Opplysninger: area.Folkeregister(), AapneGradert: area.KanAapneGradert(), Aktiv: true, Kommuner: []string{"0301"}}
	for _, h := range area.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return policy.Compile(k, r)
}

func TestAnExampleIsShownAsTheRoleWouldShowIt(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := role(t, "BARNEVERN")
	for _, c := range []struct {
		kode   string
		opened bool
		street bool
	}{
		{"vanlig", false, true}, {"fortrolig", false, false}, {"fortrolig", true, true}, {"strengtFortrolig", true, false},
		{"barnMedFortroligForelder", false, false},
	} {
		s, err := Find(c.kode)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Show(p, at, c.opened)
		if err != nil || !strings.Contains(string(got), `"fornavn"`) {
			t.Fatalf("%s: %v %s", c.kode, err, got)
		}
		if street := strings.Contains(string(got), `"bostedsadresse"`); street != c.street {
			t.Errorf("%s, opened %v: a street %v", c.kode, c.opened, street)
		}
	}
}

func TestARoleThatGivesNothingShowsNothing(t *testing.T) {
	s, err := Find("vanlig")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*policy.Profile{nil, policy.Compile(katalog.Standard(), policy.Role{Tjenesteomraade: "FINNES_IKKE"})} {
		if got, err := s.Show(p, time.Now(), true); got != nil || err != nil {
			t.Errorf("%s %v", got, err)
		}
	}
	if _, err := Find("../x"); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

// What shows an example cannot fetch anybody.
func TestAPreviewCoversNobody(t *testing.T) {
	id, err := person.ParseID("19908415208")
	if err != nil {
		t.Fatal(err)
	}
	if g := role(t, "BARNEVERN").Preview(time.Now(), true); g.IsZero() || g.Covers(id) || g.Orgnr() != "" {
		t.Error("a preview may ask the register")
	}
}
