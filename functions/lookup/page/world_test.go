package page

import (
	"encoding/json"
	"testing"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// role holds codes of BARNEVERN, the area that opens the most; none means all of them.
func role(codes ...string) policy.Role {
	a, _ := katalog.Standard().Area("BARNEVERN")
	if codes == nil {
		codes = a.Folkeregister()
	}
	r := policy.Role{
		ID: "r", FiksOrgID: "o", Versjon: 1, Navn: "Alt", Tjenesteomraade: a.Kode, Aktiv: true, Bruksomraader: a.Bruksomraader,
		Opplysninger: codes, AapneGradert: a.KanAapneGradert(),
	}
	for _, h := range a.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return r
}

// asked is a document on its way through judgement and redaction into a page.
type asked struct {
	role        policy.Role
	spraak      string
	now         bool // without former values
	bekreftelse string
	slekt       person.Gradering
}

// page gives the page and the redacted document that it was made of.
func (a asked) page(t testing.TB, raw []byte) (*Page, []byte) {
	t.Helper()
	d, err := person.ParseDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	h := policy.Holder{
		Aktor: "a", FiksOrgID: "o", Orgnr: "310000000", Profil: policy.Compile(katalog.Standard(), a.role),
		Tildelinger: []policy.Tildeling{{RolleID: "r", AktorID: "a"}},
	}
	ask := policy.Ask{Action: policy.Oppslag, Parts: []string{policy.Alt}, At: now, Bekreftelse: a.bekreftelse}
	if !a.now && h.Profil.Holds(katalog.Historikk) {
		ask.Parts = append(ask.Parts, katalog.Historikk)
	}
	decision := policy.Decide(h, ask)
	if decision.Denied() {
		t.Fatal(decision.Rules())
	}
	record := redact.Apply(decision.Grant(), person.Person{Document: d, Slekt: a.slekt})
	p, err := Build(Source{JSON: record.JSON, Profil: h.Profil, Link: func(person.ID) string { return "REFERANSE" }, Spraak: a.spraak, At: now})
	if err != nil {
		t.Fatal(err)
	}
	return p, record.JSON
}

// written is the page as it is sent.
func written(t testing.TB, p *Page) string {
	t.Helper()
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}
