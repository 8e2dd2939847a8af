package policy

import (
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// every element of the register model must be in the catalogue down to the first field, or nobody
// could ever be given it; and the reverse, or a role could hold something that shows nothing.
func TestKatalogAndModelMeet(t *testing.T) {
	k := katalog.Standard()
	// The register model has these, the catalogue does not: they are withheld from everyone.
	unlisted := map[string]bool{
		"oppholdsadresse.naerAdresseIdentifikatorFraMatrikkelen": true,
		"postadresse.naerAdresseIdentifikatorFraMatrikkelen":     true,
	}
	for _, p := range person.Model.Fields {
		if k.At(p.Name) == nil {
			t.Errorf("property %s is not in the catalogue", p.Name)
		}
		for _, f := range p.Fields {
			if path := p.Name + "." + f.Name; k.At(path) == nil && !unlisted[path] {
				t.Errorf("%s is not in the catalogue", path)
			}
		}
	}
	for path, o := range k.Places() {
		f := person.Model
		for name := range strings.SplitSeq(path, ".") {
			if f = f.Field(name); f == nil {
				t.Errorf("opplysning %s lies at %s, which the model lacks", o.Kode, path)
				break
			}
		}
	}
}

// A confidential element below an open one must be granted on its own, or the open one would bring
// it along.
func TestConfidentialElementsAreExplicit(t *testing.T) {
	k := katalog.Standard()
	for _, o := range k.Opplysninger {
		if o.Overordnet == "" || !o.Taushetsbelagt || o.KrevesEksplisit {
			continue
		}
		if over, _ := k.Element(o.Overordnet); !over.Taushetsbelagt {
			t.Errorf("%s is taushetsbelagt, %s is not, and it comes along", o.Kode, over.Kode)
		}
	}
}

func TestEveryAreaStandsOnAHjemmel(t *testing.T) {
	for _, a := range katalog.Standard().Tjenesteomraader {
		p := Compile(katalog.Standard(), *fullRole(a.Kode))
		if a.Gyldig && !p.hasHjemmel("UTLEVERING", "HJEMMEL_TAUSHETSBELAGT") {
			t.Errorf("%s has no hjemmel that opens anything", a.Kode)
		}
		if a.Rettighetspakke == katalog.MedHjemmel && !p.hasHjemmel("HJEMMEL_TAUSHETSBELAGT") {
			t.Errorf("%s asks med hjemmel without a hjemmel for confidential elements", a.Kode)
		}
		if len(p.Codes) > 256 {
			t.Errorf("%s compiles to %d codes; redact counts 256", a.Kode, len(p.Codes))
		}
		if probs := fullRole(a.Kode).Validate(katalog.Standard()); len(probs) > 0 {
			t.Errorf("%s: a role with all that the area permits is refused: %v", a.Kode, probs)
		}
	}
}

// fullRole holds everything its area permits.
func fullRole(area string) *Role {
	a, _ := katalog.Standard().Area(area)
	r := &Role{
		ID: "r", FiksOrgID: "o", Versjon: 1, Tjenesteomraade: area, Aktiv: true, KanBrukesPaaSokeside: true,
		Bruksomraader: a.Bruksomraader, Opplysninger: a.Folkeregister(), AapneGradert: a.KanAapneGradert(),
	}
	for _, h := range a.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return r
}

func TestElementsDoNotComeAlongUninvited(t *testing.T) {
	for _, c := range []struct {
		area, holds string
		shows       []string
		hides       []string
	}{
		{"VALG", "bostedsadresse", []string{"bostedsadresse.vegadresse", "bostedsadresse.ukjentBosted"}, []string{"bostedsadresse.flyttedato", "bostedsadresse.stemmekrets", "bostedsadresse.adressegradering"}},
		{"VALG", "bostedsadresse.stemmekrets", []string{"bostedsadresse.stemmekrets"}, []string{"bostedsadresse.vegadresse", "bostedsadresse"}},
		{"SOSIAL", "sivilstand", []string{"sivilstand.sivilstand"}, []string{"sivilstand.relatertVedSivilstand", "sivilstand.sted"}},
		{"SOSIAL", "vergemaalEllerFremtidsfullmakt", []string{"vergemaalEllerFremtidsfullmakt.verge"}, []string{"vergemaalEllerFremtidsfullmakt.tjenesteomraade"}},
		{"BARNEVERN", "status", []string{"status.status"}, []string{"status.taushetsbelagtVerdi"}},
		{"BARNEVERN", "bostedsadresse.bruksenhetsnummer", []string{"bostedsadresse.bruksenhetsnummer"}, []string{"bostedsadresse.vegadresse"}},
	} {
		r := fullRole(c.area)
		r.Opplysninger = []string{c.holds}
		p := Compile(katalog.Standard(), *r)
		for _, s := range c.shows {
			if !p.Holds(s) {
				t.Errorf("%s in %s does not give %s", c.holds, c.area, s)
			}
		}
		for _, s := range c.hides {
			if p.Holds(s) || slices.Contains(p.Codes, s) {
				t.Errorf("%s in %s gives %s", c.holds, c.area, s)
			}
		}
	}
}

func TestUpperCaseSpellingIsTheSameElement(t *testing.T) {
	r := fullRole("BARNEVERN")
	r.Opplysninger = []string{"BOSTEDSADRESSE.VEGADRESSE"}
	if p := Compile(katalog.Standard(), *r); !p.Holds("bostedsadresse.vegadresse") || len(r.Validate(katalog.Standard())) > 0 {
		t.Error("BOSTEDSADRESSE.VEGADRESSE is not understood")
	}
}

func TestARoleCannotHoldMoreThanItsArea(t *testing.T) {
	r := fullRole("STOTTE")
	r.Opplysninger = append(slices.Clone(r.Opplysninger), "familierelasjon", "kjoenn", "finnesIkke", "historikk")
	r.Bruksomraader = append(slices.Clone(r.Bruksomraader), katalog.Innbyggerliste)
	r.Hjemler = append(slices.Clone(r.Hjemler), "barnevernsloven-13-4")
	r.AapneGradert = true
	if got := len(r.Validate(katalog.Standard())); got != 7 {
		t.Errorf("%d problems found, want 7: %v", got, r.Validate(katalog.Standard()))
	}
	p := Compile(katalog.Standard(), *r)
	for _, kode := range []string{"familierelasjon", "kjoenn", "finnesIkke", "historikk"} {
		if p.Holds(kode) {
			t.Errorf("compiled role gives %s", kode)
		}
	}
}

// Without the hjemmel that opens them, confidential elements are not shown even in an area that has
// one: the role must stand on it.
func TestConfidentialElementsNeedTheHjemmel(t *testing.T) {
	r := fullRole("BARNEVERN")
	r.Hjemler = []string{"folkeregisterloven-10-1"}
	p := Compile(katalog.Standard(), *r)
	for _, o := range p.Innhold() {
		if o.Taushetsbelagt {
			t.Errorf("%s is given without a hjemmel for confidential elements", o.Kode)
		}
	}
	if !p.Holds("navn") {
		t.Error("open elements are lost too")
	}
}

func TestZeroValuesAllowNothing(t *testing.T) {
	var g Grant
	if !g.IsZero() || g.Pakke() != "" || len(g.Parts()) > 0 || g.Mask("navn") != nil || g.Covers(person.ID{}) || g.Reveals() || g.JudgesRelatives() || len(g.Codes()) > 0 {
		t.Error("the zero Grant allows something")
	}
	if !(Decision{}).Denied() || !(Decision{}).Grant().IsZero() || (Decision{}).Fault() == nil {
		t.Error("the zero Decision is not a denial")
	}
	if !Decide(Holder{}, Ask{}).Denied() {
		t.Error("nobody is granted something")
	}
	if p := Compile(katalog.Standard(), Role{Tjenesteomraade: "FINNES_IKKE"}); len(p.Codes) > 0 || p.shows != 0 {
		t.Error("a role in an unknown area shows something")
	}
}

// Whatever the self-description names has words in every language.
func TestEverythingHasANameInEveryLanguage(t *testing.T) {
	full := func(what string, x katalog.Text) {
		t.Helper()
		if x.Nb == "" || x.Nn == "" || x.En == "" {
			t.Errorf("%s lacks a language: %+v", what, x)
		}
	}
	labelled := map[string]bool{}
	for _, n := range append(slices.Clone(katalog.Names().Soekeparametre), katalog.Names().Bruksomraader...) {
		full(n.Kode, n.Navn)
		labelled[n.Kode] = true
	}
	for _, a := range katalog.Standard().Tjenesteomraader {
		full(a.Kode, a.Navn)
		full(a.Kode, a.Beskrivelse)
		for _, h := range a.Lovhjemler {
			full(h.ID, h.Korttekst)
		}
		for _, b := range a.Bruksomraader {
			if !labelled[string(b)] {
				t.Errorf("bruksområde %s has no name", b)
			}
		}
	}
	for _, o := range katalog.Standard().Opplysninger {
		full(o.Kode, o.Navn)
		full(o.Kode, o.Beskrivelse)
	}
}
