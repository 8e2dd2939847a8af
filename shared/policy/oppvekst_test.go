package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// Numbers of persons who do not exist.
const (
	elev, soesken = "21850999705", "04845521099"
	mor, far, tre = "14827849805", "03897649984", "11878510099"
)

func schoolGrant(t *testing.T, change func(*Ask), subjects ...string) Grant {
	t.Helper()
	r := fullRole("OPPVEKST")
	r.AapneGradert = true
	h := Holder{FiksOrgID: r.FiksOrgID, Profil: Compile(katalog.Standard(), *r), Tildelinger: []Tildeling{{}}}
	a := Ask{Action: Oppvekst, Bekreftelse: "eleven skal hentes hjemme i dag"}
	for _, s := range subjects {
		a.Subjects = append(a.Subjects, number(t, s))
	}
	if change != nil {
		change(&a)
	}
	d := Decide(h, a)
	if d.Denied() {
		t.Fatal(d.Fault(), d.Fault().Elements)
	}
	return d.Grant()
}

func number(t *testing.T, digits string) person.ID {
	t.Helper()
	id, err := person.ParseID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// pupil is a document in which others answer for somebody.
func pupil(t *testing.T, who string, elements ...string) *person.Document {
	t.Helper()
	d, err := person.ParseDocument([]byte(fmt.Sprintf(`{"identifikasjonsnummer":[{"erGjeldende":true,"foedselsEllerDNummer":%q}],"foreldreansvar":[%s]}`, who, strings.Join(elements, ","))))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func answers(for_, who string) string {
	return fmt.Sprintf(`{"erGjeldende":true,"ansvarssubjekt":%q,"ansvarlig":%q}`, for_, who)
}

// The grant about those with parental responsibility covers those whom a child's own document names, and
// nobody else.
func TestWhoIsCoveredThroughAChild(t *testing.T) {
	g := schoolGrant(t, nil, elev)
	many := make([]string, 0, 5)
	for n := 0; len(many) < MaxAnsvarlige+1; n++ {
		nine := fmt.Sprintf("018150%03d", 100+n)
		if k, ok := person.ControlDigits(nine); ok {
			many = append(many, answers(elev, nine+k))
		}
	}
	for name, c := range map[string]struct {
		documents []*person.Document
		want      []string
	}{
		"nobody":                   {nil, nil},
		"both parents":             {[]*person.Document{pupil(t, elev, answers(elev, mor), answers(elev, far))}, []string{mor, far}},
		"twice the same":           {[]*person.Document{pupil(t, elev, answers(elev, mor), answers(elev, mor))}, []string{mor}},
		"a child nobody asked of":  {[]*person.Document{pupil(t, soesken, answers(soesken, mor))}, nil},
		"another child's":          {[]*person.Document{pupil(t, elev, answers(soesken, mor))}, nil},
		"no child at all":          {[]*person.Document{pupil(t, elev, fmt.Sprintf(`{"erGjeldende":true,"ansvarlig":%q}`, mor))}, nil},
		"what the child answers":   {[]*person.Document{pupil(t, elev, answers(soesken, elev), answers(elev, elev))}, nil},
		"one who did before":       {[]*person.Document{pupil(t, elev, strings.Replace(answers(elev, mor), "true", "false", 1))}, nil},
		"one who is no number":     {[]*person.Document{pupil(t, elev, answers(elev, "14827849806"))}, nil},
		"more than can be":         {[]*person.Document{pupil(t, elev, many...)}, []string{"", "", "", ""}},
		"a document of nobody":     {[]*person.Document{pupil(t, "", answers(elev, mor))}, nil},
		"several, of whom one not": {[]*person.Document{pupil(t, soesken, answers(soesken, tre)), pupil(t, elev, answers(elev, far))}, []string{far}},
	} {
		p := g.Ansvarlige(c.documents)
		if len(p.Subjects()) != len(c.want) || p.IsZero() != (len(c.want) == 0) {
			t.Errorf("%s: %d are covered, the grant is zero: %t", name, len(p.Subjects()), p.IsZero())
		}
		for _, w := range c.want {
			if w != "" && !p.Covers(number(t, w)) {
				t.Errorf("%s: somebody is missing", name)
			}
		}
		if p.Covers(number(t, elev)) || p.Covers(person.ID{}) {
			t.Errorf("%s: the child is covered as if it answered", name)
		}
	}
}

// What the grant through a child shows is less: current values that an answer has a place for, nothing
// graded; and no grant is made of it, nor of any other than one about oppvekst.
func TestTheGrantThroughAChildShowsLess(t *testing.T) {
	g := schoolGrant(t, nil, elev)
	doc := []*person.Document{pupil(t, elev, answers(elev, mor))}
	p := g.Ansvarlige(doc)
	for _, f := range person.Model.Fields {
		here, there := g.Mask(f.Name) != nil, p.Mask(f.Name) != nil
		if there && !here || there && slices.Contains([]string{"foreldreansvar", "familierelasjon", "deltBosted", "utlendingsmyndighetenesIdentifikasjonsnummer"}, f.Name) {
			t.Errorf("%s is shown through a child", f.Name)
		}
		if m := g.Mask(f.Name); m != nil && g.ShowsFormer(m) != (f.Name == "identifikasjonsnummer") || p.Mask(f.Name) != nil && p.ShowsFormer(p.Mask(f.Name)) {
			t.Errorf("former values of %s", f.Name)
		}
	}
	if !g.Reveals() || p.Reveals() || !p.JudgesRelatives() || slices.Contains(p.Parts(), "historikk") || p.Action() != OppvekstAnsvarlig {
		t.Errorf("%v", p.Parts())
	}
	bulk := schoolGrant(t, func(a *Ask) { a.Action = Bulkoppslag }, elev)
	for name, of := range map[string]Grant{"itself": p, "a bulk lookup": bulk, "nothing": {}, "judgement": g.Own()} {
		if more := of.Ansvarlige(append(doc, pupil(t, mor, answers(mor, far)))); !more.IsZero() {
			t.Errorf("a grant is made of %s", name)
		}
	}
}

// Nobody asks for those with parental responsibility by number.
func TestTheResponsibleAreNotAskedFor(t *testing.T) {
	r := fullRole("OPPVEKST")
	h := Holder{FiksOrgID: r.FiksOrgID, Profil: Compile(katalog.Standard(), *r), Tildelinger: []Tildeling{{}}}
	if d := Decide(h, Ask{Action: OppvekstAnsvarlig, Subjects: []person.ID{number(t, mor)}}); !d.Denied() || !slices.Contains(d.Rules(), "bruksomraade") {
		t.Errorf("%v", d.Rules())
	}
}

// What an answer has a place for is in the catalogue, and what a role must hold is in reach of the area
// that oppvekst is for.
func TestOppvekstIsInTheCatalogue(t *testing.T) {
	k := katalog.Standard()
	area, _ := k.Area("OPPVEKST")
	for _, kode := range slices.Concat(kreves, rommer) {
		if o, ok := k.Element(kode); !ok || !o.Gyldig || slices.Contains(kreves, kode) && !k.AreaPermits(area, o) {
			t.Errorf("%s", kode)
		}
	}
	for _, a := range k.Tjenesteomraader {
		lacks := Compile(k, *fullRole(a.Kode)).lacking()
		if opens := slices.Contains(a.Folkeregister(), "foreldreansvar"); a.Gyldig && opens != (len(lacks) == 0) {
			t.Errorf("a role with all that %s opens lacks %v", a.Kode, lacks)
		}
	}
}
