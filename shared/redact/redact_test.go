package redact_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hjemmel/shared/person"
	"hjemmel/shared/person/persontest"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact"
	"hjemmel/shared/redact/redacttest"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func mustID(t interface{ Fatal(...any) }, s string) person.ID {
	id, err := person.ParseID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func holder(r policy.Role) policy.Holder {
	return policy.Holder{
		Aktor: "a", FiksOrgID: r.FiksOrgID, Orgnr: "310000000", Profil: policy.Compile(katalog.Standard(), r),
		Tildelinger: []policy.Tildeling{{RolleID: r.ID, AktorID: "a"}},
	}
}

// role holds the codes in the area, on every hjemmel the area has.
func role(area string, codes ...string) policy.Role {
	a, _ := katalog.Standard().Area(area)
	r := policy.Role{
		ID: "r", FiksOrgID: "o", Versjon: 1, Tjenesteomraade: area, Aktiv: true, KanBrukesPaaSokeside: true,
		Bruksomraader: a.Bruksomraader, Opplysninger: codes, AapneGradert: a.KanAapneGradert(),
	}
	for _, h := range a.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	return r
}

func areaCodes(area string) []string {
	a, _ := katalog.Standard().Area(area)
	for _, u := range a.Registre {
		if u.Register == "FOLKEREGISTER" {
			return u.Opplysninger
		}
	}
	return nil
}

var numberOf = "14827849805"

// TestRedactAgreesWithTheOracle compares the masks with a naive second reading of the catalogue, on
// random roles, parts, gradings and documents.
func TestRedactAgreesWithTheOracle(t *testing.T) {
	docs := testPersons(t)
	rapid.Check(t, func(t *rapid.T) {
		r := randomRole(t)
		raw := randomDocument(t, docs)
		doc, err := person.ParseDocument(raw)
		if err != nil {
			t.Fatal(err)
		}
		ask, asked := randomAsk(t, r)
		h, krets := holder(r), (*person.Krets)(nil)
		relation := ""
		if rapid.Bool().Draw(t, "an employee") {
			relation = rapid.SampledFrom([]string{"fremmed", "fremmed", "fremmed", "segSelv", "ektefelle", "sammeAdresse", "ukjent"}).Draw(t, "relation")
			h.Person, krets = redacttest.Circle(relation, doc)
			if h.KanOverstyre = true; ask.Bekreftelse == "" && rapid.Bool().Draw(t, "override") {
				ask.Overstyring = "eneste på vakt i natt"
			}
		}
		d := policy.Decide(h, ask)
		if d.Denied() {
			t.Skip("nothing to compare")
		}
		slekt := rapid.SampledFrom([]person.Gradering{person.Ugradert, person.Ugradert, person.Ugradert, person.Fortrolig, person.StrengtFortrolig}).Draw(t, "slekt")
		got := redact.Apply(d.Grant(), person.Person{Document: doc, Slekt: slekt, Krets: krets})
		var gotTree map[string]any
		if err := json.Unmarshal(got.JSON, &gotTree); err != nil && !got.Denied() {
			t.Fatalf("the record is not JSON: %v\n%s", err, got.JSON)
		}
		o := &redacttest.Oracle{Katalog: katalog.Standard(), Role: r, Parts: asked, Reveal: ask.Bekreftelse != "", Slekt: slekt, Relation: relation, Override: ask.Overstyring != ""}
		if diff := cmp.Diff(o.Redact(raw), gotTree); diff != "" {
			t.Fatalf("role %v parts %v reveal %v relation %s override %v:\n(-oracle +redact)\n%s", r.Opplysninger, asked, o.Reveal, relation, o.Override, diff)
		}
	})
}

func randomRole(t *rapid.T) policy.Role {
	var valid []string
	for _, a := range katalog.Standard().Tjenesteomraader {
		if a.Gyldig {
			valid = append(valid, a.Kode)
		}
	}
	area := rapid.SampledFrom(valid).Draw(t, "area")
	var pool []string
	for _, o := range katalog.Standard().Opplysninger {
		if slices.ContainsFunc(areaCodes(area), func(c string) bool { return strings.HasPrefix(o.Kode, c) }) {
			pool = append(pool, o.Kode)
		}
	}
	r := role(area, rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, len(pool), rapid.ID).Draw(t, "codes")...)
	r.Kommuner = rapid.SampledFrom([][]string{nil, nil, nil, {"4601"}, {"0301", "4621"}}).Draw(t, "kommuner")
	if rapid.Bool().Draw(t, "few hjemler") {
		r.Hjemler = r.Hjemler[:1]
	}
	return r
}

func randomAsk(t *rapid.T, r policy.Role) (policy.Ask, []string) {
	var parts []string
	for _, c := range rapid.SliceOfDistinct(rapid.SampledFrom(r.Opplysninger), rapid.ID).Draw(t, "parts") {
		part, _, _ := strings.Cut(c, ".")
		if part != "registermetadata" {
			parts = append(parts, part)
		}
	}
	if rapid.Bool().Draw(t, "historikk") {
		parts = append(parts, "historikk")
	}
	a := policy.Ask{Action: policy.Oppslag, Subjects: []person.ID{mustID(t, numberOf)}, Parts: parts, At: now}
	if r.AapneGradert && rapid.Bool().Draw(t, "reveal") {
		a.Bekreftelse = "må hente barnet i kveld"
	}
	return a, parts
}

func randomDocument(t *rapid.T, docs map[string][]byte) []byte {
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range docs {
			if !yield(n) {
				return
			}
		}
	})
	if n := rapid.SampledFrom(append(names, "kanari", "kanari", "kanari")).Draw(t, "document"); n != "kanari" {
		return docs[n]
	}
	raw, _ := persontest.Canary(persontest.Options{
		Number:  mustID(t, numberOf),
		Choose:  func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") },
		Gradert: rapid.SampledFrom([]string{"", "", "ugradert", "fortrolig", "strengtFortrolig", "nyttNivaa"}).Draw(t, "gradert"),
		Adresse: rapid.SampledFrom([]string{"", "ugradert", "ugradert", "klientadresse", "fortrolig", "hemmelig"}).Draw(t, "adresse"),
	})
	return raw
}

func testPersons(t testing.TB) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("../../testdata/persons/*.json")
	docs := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f) //nolint:gosec // test data
		if err != nil {
			t.Fatal(err)
		}
		docs[strings.TrimSuffix(filepath.Base(f), ".json")] = b
	}
	if len(docs) < 7 {
		t.Fatalf("%d test persons", len(docs))
	}
	return docs
}
