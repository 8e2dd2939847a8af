package lookup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hjemmel/functions/lookup"
	"hjemmel/functions/lookup/typeset/typesettest"
	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/host/hosttest"
	ids "hjemmel/shared/person"
	"hjemmel/shared/person/persontest"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact/redacttest"
	"hjemmel/shared/roles"
)

var canaryPattern = regexp.MustCompile(`KANARI[0-9]{6}`)

// canaries are the numbers and documents of a register in which every value is one of a kind.
type canaries struct {
	*world
	rnd  *rand.Rand
	docs map[string][]byte
}

func newCanaries(t *testing.T) *canaries {
	c := &canaries{rnd: rand.New(rand.NewPCG(1, 2)), docs: map[string][]byte{}}
	folder := fstest.MapFS{}
	for i, grade := range []string{"", "", "fortrolig", "strengtFortrolig"} {
		for j, adresse := range []string{"ugradert", "klientadresse", ""} {
			number := synthetic(t, i*3+j)
			raw, _ := persontest.Canary(persontest.Options{Number: number, Choose: c.rnd.IntN, Gradert: grade, Adresse: adresse})
			c.docs[number.Reveal()] = raw
			folder[fmt.Sprintf("%d-%d.json", i, j)] = &fstest.MapFile{Data: raw}
		}
	}
	c.world = newWorld(t, func(o *hosttest.Options) { o.Documents = folder })
	return c
}

// synthetic makes the n-th number of a small series.
func synthetic(t *testing.T, n int) ids.ID {
	t.Helper()
	for individ := 100 + n*10; ; individ++ {
		nine := fmt.Sprintf("018150%03d", individ)
		if k, ok := ids.ControlDigits(nine); ok {
			id, err := ids.ParseID(nine + k)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
	}
}

// randomRole plants a role with random elements of a random area, held by integration 1.
func (c *canaries) randomRole(n int) policy.Role {
	c.t.Helper()
	k := katalog.Standard()
	var areas []*katalog.Tjenesteomraade
	for _, a := range k.Tjenesteomraader {
		if a.Gyldig {
			areas = append(areas, a)
		}
	}
	area := areas[c.rnd.IntN(len(areas))]
	r := policy.Role{
		ID: role(1000 + n), FiksOrgID: c.integration(1).FiksOrgID, Versjon: 1, Navn: "Kanari", Tjenesteomraade: area.Kode, Aktiv: true,
		Bruksomraader: []katalog.Bruk{katalog.Soek}, AapneGradert: area.KanAapneGradert(),
	}
	for _, h := range area.Lovhjemler {
		r.Hjemler = append(r.Hjemler, h.ID)
	}
	for _, o := range k.Opplysninger {
		full := policy.Compile(k, policy.Role{Tjenesteomraade: area.Kode, Hjemler: r.Hjemler, Opplysninger: area.Registre[0].Opplysninger})
		if full.Holds(o.Kode) && o.Register == "FOLKEREGISTER" && c.rnd.IntN(3) == 0 {
			r.Opplysninger = append(r.Opplysninger, o.Kode)
		}
	}
	c.plant(r)
	return r
}

// plant stores a role and gives it to integration 1.
func (w *world) plant(r policy.Role) {
	w.t.Helper()
	ops, err := roles.PutRole(katalog.Standard(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	assign, err := roles.PutAssignment(policy.Tildeling{AktorID: w.integration(1).ID, RolleID: r.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := s.Commit(context.Background(), append(ops, assign...)...); err != nil {
		w.t.Fatal(err)
	}
}

// TestNoCanaryLeavesOutsideTheGrant asks random questions in random roles about persons whose every
// value is one of a kind. What the oracle does not grant must be in no answer, and no value at all in
// the log, the audit entries, the rest of the store or an error.
func TestNoCanaryLeavesOutsideTheGrant(t *testing.T) {
	c := newCanaries(t)
	h := c.vendor(1)
	delivered := map[string]int{}
	for n := range 40 {
		r := c.randomRole(n)
		parts, header := c.randomAsk(r, h)
		for number, raw := range c.docs {
			allowed := map[bool][]byte{}
			for whole, asked := range map[bool][]string{false: parts, true: everyPart(parts)} {
				o := redacttest.Oracle{Katalog: katalog.Standard(), Role: r, Parts: asked, Reveal: header.Get(lookup.BekreftelseHeader) != ""}
				b, err := json.Marshal(o.Redact(raw))
				if err != nil {
					t.Fatal(err)
				}
				allowed[whole] = b
			}
			for way, a := range c.everyWay(r, parts, number, header) {
				for _, found := range canaryPattern.FindAll(a.body, -1) {
					delivered[way]++
					if !bytes.Contains(allowed[wholeRole[way]], found) {
						t.Fatalf("%s leaks %s (%s) in role %v parts %v:\n%s", way, found, leafOf(raw, found), r.Opplysninger, parts, a.body)
					}
				}
			}
		}
	}
	for way, n := range delivered {
		if n < 400 || len(delivered) < 4 {
			t.Errorf("only %d values were delivered as %s: the test asks nothing", n, way)
		}
	}
	c.nothingElsewhere()
}

// wholeRole are the ways that ask for all that the role shows, whatever the parts.
var wholeRole = map[string]bool{"page": true, "document": true}

// everyPart is every property, and historikk where it is among the parts.
func everyPart(parts []string) []string {
	var all []string
	for _, f := range ids.Model.Fields {
		all = append(all, f.Name)
	}
	if slices.Contains(parts, katalog.Historikk) {
		all = append(all, katalog.Historikk)
	}
	return all
}

// everyWay asks about one person by every operation.
func (c *canaries) everyWay(r policy.Role, parts []string, number string, h http.Header) map[string]answer {
	query := ""
	for _, p := range parts {
		query += "&part=" + p
	}
	answers := map[string]answer{
		"page":        c.sideOf(r.ID, number, slices.Contains(parts, "historikk"), h),
		"person":      c.do("GET", personer(r.ID, number+"?"+strings.TrimPrefix(query, "&")), nil, h),
		"bulkoppslag": c.bulk(h, r.ID, "?somBestilt=true"+query, number),
	}
	if c.rnd.IntN(4) == 0 { // a document takes long to read back
		answers["document"] = c.documentOf(r.ID, number, slices.Contains(parts, "historikk"), h)
	}
	return answers
}

// sideOf asks for a page. It shows all that the role holds, whatever the parts.
func (c *canaries) sideOf(rolle, number string, historikk bool, h http.Header) answer {
	return c.side(h, rolle, "personidentifikator", number, "historikk", historikk)
}

// documentOf asks for a document of all that the role holds, and gives its text as the body.
func (c *canaries) documentOf(rolle, number string, historikk bool, h http.Header) answer {
	var parts []string
	if historikk {
		parts = []string{katalog.Historikk}
	}
	a := c.pdf(h, rolle, number, parts...)
	if a.StatusCode == http.StatusOK {
		f := typesettest.Read(c.t, a.body)
		a.body = []byte(f.Text() + f.Title + f.Author + f.Metadata)
	}
	return a
}

// randomAsk gives random parts, often ones that the role holds, and now and then a confirmation.
func (c *canaries) randomAsk(r policy.Role, h http.Header) ([]string, http.Header) {
	var parts []string
	for _, kode := range r.Opplysninger {
		part, _, _ := strings.Cut(kode, ".")
		if part != "registermetadata" && c.rnd.IntN(2) == 0 && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if c.rnd.IntN(4) == 0 {
		parts = append(parts, ids.Model.Fields[c.rnd.IntN(len(ids.Model.Fields))].Name) // held or not
	}
	h = h.Clone()
	if r.AapneGradert && c.rnd.IntN(3) == 0 {
		h.Set(lookup.BekreftelseHeader, "trenger adressen for å nå frem")
	}
	return parts, h
}

// nothingElsewhere looks for any canary in the log and in every record of the store.
func (c *canaries) nothingElsewhere() {
	c.t.Helper()
	if found := canaryPattern.FindString(c.Log.String()); found != "" {
		c.t.Errorf("%s is in the log", found)
	}
	s, err := c.Env.State()
	if err != nil {
		c.t.Fatal(err)
	}
	records := 0
	for after := ""; ; {
		page, err := s.Scan(context.Background(), "", after, 1000)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, r := range page {
			records++
			after = r.Key
			if found := canaryPattern.Find(append([]byte(r.Key), r.Value...)); found != nil {
				c.t.Fatalf("%s is in the store at %s", found, r.Key)
			}
			for number := range c.docs {
				if bytes.Contains(r.Value, []byte(number)) || strings.Contains(r.Key, number) {
					c.t.Fatalf("a number is in the store at %s", r.Key)
				}
			}
		}
		if len(page) < 1000 {
			break
		}
	}
	if records < 100 {
		c.t.Errorf("only %d records were looked at", records)
	}
	for number := range c.docs {
		if strings.Contains(c.Log.String(), number) {
			c.t.Error("a number is in the log")
		}
	}
}

// leafOf says where in the document a canary stands.
func leafOf(raw, canary []byte) string {
	i := bytes.Index(raw, canary)
	return string(raw[max(0, i-80):i])
}

// A register that fails in the middle of an answer gives an error without a value in it.
func TestNoCanaryLeavesInAFailure(t *testing.T) {
	c := newCanaries(t)
	h := c.vendor(1)
	for _, f := range []fregsim.Fault{{Kind: fregsim.Truncated}, {Kind: fregsim.ContentType}, {Kind: fregsim.HTML}, {Kind: fregsim.Status, Status: 500}} {
		c.Freg.Faults().Clear()
		if err := c.Freg.Faults().Set(f); err != nil {
			t.Fatal(err)
		}
		for number := range c.docs {
			for way, a := range map[string]answer{
				"person": c.do("GET", personer(role(1), number), nil, h),
				"unique": c.do("GET", personer(role(1), "entydigsoek?navn=KANARI+KANARI&identifikasjonsnummer="+number), nil, h),
			} {
				if canaryPattern.Match(a.body) || bytes.Contains(a.body, []byte(number)) || a.StatusCode == 200 {
					t.Errorf("%s with %s: %d %s", way, f.Kind, a.StatusCode, a.body)
				}
			}
		}
	}
	if found := canaryPattern.FindString(c.Log.String()); found != "" {
		t.Errorf("%s is in the log", found)
	}
}
