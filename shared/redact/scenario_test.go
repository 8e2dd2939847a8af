package redact_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact"
	"hjemmel/shared/redact/redacttest"
)

// TestScenarios runs testdata/policy/*.txtar: a role in words, and what it may and may not. The
// persons are those of testdata/persons. The words:
//
//	tillat PERSON …      is granted; below it: viser, skjuler, antall, verdi
//	utestengt PERSON …   is granted, but a condition withholds the whole person
//	avvis PERSON … fordi CODE ELEMENTS
//	tillat|avvis søk|personsøk|antallsøk|liste|listeAvSøk etter PARAMETERS …
//	tillat|utestengt PERSON liste=PARAMETERS kommune=… is one who is on the list, or is not
func TestScenarios(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/policy/*.txtar")
	if len(files) < 4 {
		t.Fatalf("%d scenario files", len(files))
	}
	docs := testPersons(t)
	for _, f := range files {
		archive, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		r := readRole(t, string(archive.Files[0].Data))
		if problems := r.Validate(katalog.Standard()); len(problems) > 0 {
			t.Fatalf("%s: %v", f, problems)
		}
		cases := 0
		var last *scenario
		for i, line := range strings.Split(string(archive.Files[1].Data), "\n") {
			at := fmt.Sprintf("%s, case line %d (%s)", filepath.Base(f), i+1, strings.TrimSpace(line))
			words := split(line)
			switch {
			case len(words) == 0:
			case strings.HasPrefix(line, " "):
				last.check(t, at, words)
			default:
				cases++
				last = run(t, at, r, docs, words)
			}
		}
		if cases < 4 {
			t.Errorf("%s: %d cases", f, cases)
		}
	}
}

// split gives the words of a line; «…» holds words together.
func split(line string) []string {
	var words []string
	inside := false
	for _, w := range strings.Fields(line) {
		if inside {
			words[len(words)-1] += " " + w
		} else {
			words = append(words, w)
		}
		inside = strings.Contains(words[len(words)-1], "«") && !strings.Contains(words[len(words)-1], "»")
	}
	return words
}

func readRole(t *testing.T, text string) policy.Role {
	t.Helper()
	r := policy.Role{ID: "r", FiksOrgID: "o", Versjon: 1, Aktiv: true}
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "tjenesteområde":
			r.Tjenesteomraade = words[1]
		case "hjemmel":
			r.Hjemler = append(r.Hjemler, words[1:]...)
		case "bruk":
			for _, b := range words[1:] {
				r.Bruksomraader = append(r.Bruksomraader, katalog.Bruk(b))
			}
		case "opplysning":
			r.Opplysninger = append(r.Opplysninger, words[1:]...)
		case "gradert":
			r.AapneGradert = true
		case "formål":
			r.Formaal = policy.Formaal{Krav: policy.FormaalPaakrevd, Moenster: words[2]}
		case "budsjett":
			g := policy.Grense{Myk: number(t, words[2]), Hard: number(t, words[3])}
			if words[1] == "søk" {
				r.Budsjett.Soek = g
			} else {
				r.Budsjett.Oppslag = g
			}
		case "nødtilgang":
			r.NoedtilgangTimer = number(t, words[1])
		case "kommune":
			r.Kommuner = words[1:]
		default:
			t.Fatalf("unknown word %q", words[0])
		}
	}
	return r
}

func number(t *testing.T, word string) int {
	t.Helper()
	n, err := strconv.Atoi(word)
	if err != nil {
		t.Fatalf("%q is no number", word)
	}
	return n
}

// scenario is one case that was granted, with what is left of the person.
type scenario struct{ tree map[string]any }

var graderinger = map[string]person.Gradering{"fortrolig": person.Fortrolig, "strengtFortrolig": person.StrengtFortrolig}

var searches = map[string]policy.Action{"søk": policy.SoekTreff, "personsøk": policy.Personsoek, "antallsøk": policy.Antallsoek,
	"liste": policy.Innbyggerliste, "listeAvSøk": policy.InnbyggerlisteSoek}

// run reads one case, asks policy and redact, and checks the outcome.
func run(t *testing.T, at string, r policy.Role, docs map[string][]byte, words []string) *scenario {
	t.Helper()
	outcome, words := words[0], words[1:]
	var want []string
	if i := slices.Index(words, "fordi"); i >= 0 {
		words, want = words[:i], words[i+1:]
	}
	ask := policy.Ask{Action: policy.Oppslag, At: now}
	h := holder(r)
	slekt := person.Ugradert
	var krets *person.Krets
	var doc *person.Document
	if action, ok := searches[words[0]]; ok {
		ask.Action, ask.Parts = action, []string{"identifikasjonsnummer"}
		if words[2] != "ingenting" {
			ask.Parametre = strings.Split(words[2], ",")
		}
		words = words[3:]
	} else {
		raw, ok := docs[words[0]]
		if !ok {
			t.Fatalf("%s: nobody is called %s", at, words[0])
		}
		doc, _ = person.ParseDocument(raw)
		ask.Subjects = doc.Numbers()[:1]
		words = words[1:]
	}
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		value = strings.Trim(value, "«»")
		switch key {
		case "part":
			ask.Parts = strings.Split(value, ",")
		case "liste":
			ask.Action, ask.Parametre = policy.Innbyggerliste, strings.Split(value, ",")
		case "kommune":
			ask.Kommuner = strings.Split(value, ",")
		case "bekreft":
			ask.Bekreftelse = value
		case "formål":
			ask.Formaal = value
		case "brukt":
			h.Brukt = number(t, value)
		case "overstyr":
			ask.Overstyring = value
		case "spørrer":
			if doc == nil {
				h.Person, _ = person.ParseID(redacttest.AskerNumber)
				break
			}
			h.Person, krets = redacttest.Circle(value, doc)
		case "slekt":
			slekt = graderinger[value]
		default:
			change(t, at, key, &h)
		}
	}
	d := policy.Decide(h, ask)
	if outcome == "avvis" {
		refused(t, at, d, want)
		return nil
	}
	if d.Denied() {
		t.Errorf("%s: refused with %s %v", at, d.Fault().Code, d.Fault().Elements)
		return &scenario{}
	}
	if doc == nil {
		return &scenario{}
	}
	rec := redact.Apply(d.Grant(), person.Person{Document: doc, Slekt: slekt, Krets: krets})
	if rec.Denied() != (outcome == "utestengt") {
		t.Errorf("%s: denied %v", at, rec.Denied())
	}
	s := &scenario{}
	_ = json.Unmarshal(rec.JSON, &s.tree) // nothing to read where the person is withheld
	return s
}

// change sets the holder up as one word says.
func change(t *testing.T, at, word string, h *policy.Holder) {
	t.Helper()
	r := h.Profil.Role
	switch word {
	case "utenTildeling":
		h.Tildelinger = nil
	case "tildelingUtløpt":
		h.Tildelinger = []policy.Tildeling{{Til: now.Add(-time.Hour)}}
	case "inaktiv":
		r.Aktiv = false
	case "utløpt":
		r.GyldigTil = now.Add(-time.Hour)
	case "annenOrganisasjon":
		h.FiksOrgID = "en annen"
	case "nødtilgang":
		h.Noedtilganger = widened(h, func(*policy.Noedtilgang) {})
	case "nødtilgangUtløpt":
		h.Noedtilganger = widened(h, func(n *policy.Noedtilgang) { n.Fra, n.Til = n.Fra.Add(-9*time.Hour), n.Til.Add(-9*time.Hour) })
	case "nødtilgangAnnenRolle":
		h.Noedtilganger = widened(h, func(n *policy.Noedtilgang) { n.RolleID = "en annen" })
	case "nødtilgangAnnenAnsatt":
		h.Noedtilganger = widened(h, func(n *policy.Noedtilgang) { n.AktorID = "en annen" })
	case "nødtilgangFjernet": // the role permits it no more
		r.NoedtilgangTimer = 0
	case "kanOverstyre":
		h.KanOverstyre = true
	case "ansatt":
		h.Menneske = true
	default:
		t.Fatalf("%s: unknown word %q", at, word)
	}
	h.Profil = policy.Compile(katalog.Standard(), r)
}

// widened is a nødtilgang that the holder opened an hour ago, changed.
func widened(h *policy.Holder, change func(*policy.Noedtilgang)) []policy.Noedtilgang {
	n, _ := policy.NewNoedtilgang(*h, "ras over bygda i natt", now.Add(-time.Hour))
	if n.AktorID == "" { // a system, which cannot open one
		n = policy.Noedtilgang{FiksOrgID: h.FiksOrgID, RolleID: h.Profil.Role.ID, AktorID: h.Aktor, Fra: now.Add(-time.Hour), Til: now.Add(time.Hour)}
	}
	change(&n)
	return []policy.Noedtilgang{n}
}

func refused(t *testing.T, at string, d policy.Decision, want []string) {
	t.Helper()
	if !d.Denied() || !d.Grant().IsZero() {
		t.Errorf("%s: granted", at)
		return
	}
	if f := d.Fault(); f.Code != want[0] || !slices.Equal(f.Elements, want[1:]) && len(want) > 1 {
		t.Errorf("%s: refused with %s %v", at, f.Code, f.Elements)
	}
}

// check reads one line below a case.
func (s *scenario) check(t *testing.T, at string, words []string) {
	t.Helper()
	switch words[0] {
	case "viser":
		for _, path := range words[1:] {
			if len(values(s.tree, path)) == 0 {
				t.Errorf("%s: %s is not shown", at, path)
			}
		}
	case "skjuler":
		for _, path := range words[1:] {
			if v := values(s.tree, path); len(v) > 0 {
				t.Errorf("%s: %s is shown: %v", at, path, v)
			}
		}
	case "antall":
		if list, _ := s.tree[words[1]].([]any); fmt.Sprint(len(list)) != words[2] {
			t.Errorf("%s: %d", at, len(list))
		}
	case "verdi":
		if v := values(s.tree, words[1]); len(v) != 1 || v[0] != words[2] {
			t.Errorf("%s: %v", at, v)
		}
	default:
		t.Fatalf("%s: unknown word %q", at, words[0])
	}
}

// values gives what stands at a path in any element.
func values(v any, path string) []any {
	if list, ok := v.([]any); ok {
		var all []any
		for _, e := range list {
			all = append(all, values(e, path)...)
		}
		return all
	}
	if path == "" {
		return []any{v}
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	name, rest, _ := strings.Cut(path, ".")
	if m[name] == nil {
		return nil
	}
	return values(m[name], rest)
}
