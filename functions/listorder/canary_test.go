package listorder_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hjemmel/shared/freg/fregsim"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/person/persontest"
	"hjemmel/shared/policy/katalog"
)

const (
	teknisk    = "10000006-0000-4000-8000-000000000006"
	innbyggere = "0301"
)

// flock is persons of the kommune whose every value stands nowhere else, by the letter that their values begin with.
type flock struct {
	ids    map[string]string
	leaves map[string]persontest.Leaf
	graded map[string]bool
	docs   fstest.MapFS
}

// canaries puts them in place of residents: open ones, and one of each grading.
func canaries(t *testing.T) (f flock) {
	t.Helper()
	f = flock{map[string]string{}, map[string]persontest.Leaf{}, map[string]bool{}, fstest.MapFS{}}
	kinds := [][2]string{{"", "ugradert"}, {"ugradert", "ugradert"}, {"fortrolig", "ugradert"}, {"strengtFortrolig", "fortrolig"}, {"", "klientadresse"}, {"", "fortrolig"}, {"nytt", "ugradert"}}
	people, err := population.New(population.Config{Size: 400})
	if err != nil {
		t.Fatal(err)
	}
	for p := range people.Each {
		home := slices.ContainsFunc(p.Adresser, func(a population.Adresse) bool {
			return a.Rolle == "bostedsadresse" && a.ErGjeldende && a.Kommunenummer == innbyggere
		})
		if n := len(f.ids); n < len(kinds) && home && p.Status == "bosatt" {
			raw, leaves := persontest.Canary(persontest.Options{Number: p.ID, Choose: func(int) int { return 0 }, Gradert: kinds[n][0], Adresse: kinds[n][1]})
			f.add(t, "ABCDEFG"[n:n+1], n > 1, p.ID.Reveal(), raw, leaves)
		}
	}
	if len(f.ids) < len(kinds) {
		t.Fatalf("%d residents", len(f.ids))
	}
	return f
}

// add adds one who lives in the kommune.
func (f flock) add(t *testing.T, letter string, graded bool, id string, raw []byte, leaves []persontest.Leaf) {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(bytes.ReplaceAll(raw, []byte("KANARI"), []byte("KANARI"+letter)), &doc); err != nil {
		t.Fatal(err)
	}
	home := doc["bostedsadresse"].([]any)[0].(map[string]any)
	home["vegadresse"].(map[string]any)["kommunenummer"] = innbyggere
	home["matrikkeladresse"].(map[string]any)["matrikkelnummer"].(map[string]any)["kommunenummer"] = innbyggere
	for property, fields := range map[string][]string{"familierelasjon": {"relatertPerson"}, "foreldreansvar": {"ansvarlig", "ansvarssubjekt"}} {
		for _, e := range doc[property].([]any) { // family that cannot be read would keep them off every list
			for _, field := range fields {
				e.(map[string]any)[field] = id
			}
		}
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	f.docs[letter+".json"] = &fstest.MapFile{Data: raw}
	f.ids[letter], f.graded[letter] = id, graded
	for _, l := range leaves {
		f.leaves[strings.Replace(l.Value, "KANARI", "KANARI"+letter, 1)] = l
	}
}

var canaryValue = regexp.MustCompile(`KANARI[A-Z][0-9]{6}`)

// leaked lists the places that the text shows and that the elements do not give, and counts those it may show. On a list
// of numbers that the orderer has, somebody graded stands without address.
func (f flock) leaked(text []byte, needs []string, numbers bool) (places []string, given int) {
	for _, found := range canaryValue.FindAllString(string(text), -1) {
		l := f.leaves[found]
		may := (!f.graded[found[6:7]] || numbers && !strings.Contains(l.Path, "adresse")) && l.Element == 0 && !strings.Contains(l.Path, "ukjent") && slices.ContainsFunc(needs, func(kode string) bool {
			o, ok := katalog.Standard().Element(kode)
			return ok && (l.Path == o.Path() || strings.HasPrefix(l.Path, o.Path()+"."))
		})
		if may {
			given++
			continue
		}
		places = append(places, found[6:7]+" "+l.Path)
	}
	return places, given
}

// anywhere reports whether the text has a value or the number of any of them.
func (f flock) anywhere(text []byte) bool {
	for _, id := range f.ids {
		if bytes.Contains(text, []byte(id)) {
			return true
		}
	}
	return canaryValue.Match(text)
}

// parts are what a file consists of, its rows last: those of a workbook are its first sheet.
func parts(t testing.TB, file []byte, format string) (rest, rows []byte) {
	t.Helper()
	if format == "CSV" {
		return nil, file
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if part.Name == "xl/worksheets/sheet1.xml" {
			rows = b
		} else {
			rest = append(append(rest, part.Name...), b...)
		}
	}
	if rows == nil {
		t.Fatal("no sheet of rows")
	}
	return rest, rows
}

// No value that the columns and the role do not give stands anywhere in a file, whatever the template, the columns and
// the role; no value at all stands in what is told beside it; and of who is graded there is nothing.
func TestNoFileHasWhatItsColumnsDoNotGive(t *testing.T) {
	f := canaries(t)
	w := newWorld(t, func(o *hosttest.Options) {
		o.Documents, o.Extracts = f.docs, fregsim.Extracts{Polls: -1}
	})
	area, _ := katalog.Standard().Area("TEKNISK")
	wide, _ := json.Marshal(map[string]any{"opplysninger": area.Folkeregister(), "kommuner": []string{innbyggere}})
	if a := w.do("PATCH", "/register/api/v2/konfigurasjon/"+voss+"/roller/"+teknisk, string(wide), w.Employee(t, "ansatt-07")); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	from, refused := time.Now().UnixMicro(), 0
	var made []choice
	for _, c := range append(w.choices(manntall), w.choices(teknisk)...) {
		if c.ref = w.chosen(c); c.ref == "" {
			refused++
		} else {
			made = append(made, c)
		}
	}
	for _, c := range made {
		f.silent(w, c)
	}
	t.Logf("%d files, %d refused", len(made), refused)
	if len(made) < 60 || refused == 0 {
		t.Errorf("%d files, %d refused", len(made), refused)
	}
	f.hushed(w, from)
}

// hushed checks that nothing that is told or kept of all the lists has a value.
func (f flock) hushed(w *world, from int64) {
	w.t.Helper()
	beside := map[string]any{"lines": w.Log.String(), "entries": w.Entries(w.t), "events": w.listen(voss, strconv.FormatInt(from, 10), w.Vendor(w.t, 2))}
	for name, of := range beside {
		if text, err := json.Marshal(of); err != nil || len(text) < 100 || f.anywhere(text) {
			w.t.Errorf("%s tell of somebody, or nothing: %v", name, err)
		}
	}
	w.quiet(slices.Collect(maps.Values(f.ids))...)
	w.quiet("KANARI")
}

// On a list of numbers somebody graded stands as in a lookup: by name, and where they live nowhere.
func TestAListOfNumbersHasNoGradedAddress(t *testing.T) {
	f := canaries(t)
	w := newWorld(t, func(o *hosttest.Options) { o.Documents = f.docs })
	h := w.Vendor(t, 2)
	m, err := template.New("LISTESOEK", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"CSV", "XLSX"} {
		typed := h.Clone()
		typed.Set("Content-Type", "text/csv")
		file := "personidentifikator\n" + strings.Join(slices.Collect(maps.Values(f.ids)), "\n")
		ref := w.do("POST", fiks+"listesoek/csv?rolleId="+manntall+"&eksportFilformat="+format+"&"+byNumber, file, typed).csv(t).Ref
		if l := w.finished(manntall, ref, h); l.InnbyggerlisteStatus != "FERDIG" || l.Rader != len(f.ids) {
			t.Fatalf("%+v", l)
		}
		rest, rows := parts(t, w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h).body, format)
		places, given := f.leaked(rows, m.Needs(), true)
		if len(places) > 0 || f.anywhere(rest) || given <= 3*len(f.ids) {
			t.Errorf("%s: %v, %d values", format, places, given)
		}
	}
	f.hushed(w, 0)
}

// choice is what an order asks for.
type choice struct {
	role, mal, format string
	columns           []string
	ref               string
}

// choices are every template, each column of its own, and all that the role gives together.
func (w *world) choices(role string) (all []choice) {
	w.t.Helper()
	formats := []string{"CSV", "XLSX"}
	for _, mal := range strings.Fields("VAKSINE LISTESOEK ALDERSGRUPPE BARNEHAGE BARNEHAGE_FOR_OPPHOLDSADRESSE SVAR_UT SEND_SMS") {
		for _, f := range formats {
			all = append(all, choice{role: role, mal: mal, format: f})
		}
	}
	for i, c := range template.Available(func(string) bool { return true }) {
		all = append(all, choice{role: role, mal: template.Custom, format: formats[i%2], columns: []string{c.Name}})
	}
	book, err := w.Env.Roles()
	if err != nil {
		w.t.Fatal(err)
	}
	r, _, err := book.Current(w.t.Context(), role)
	if err != nil {
		w.t.Fatal(err)
	}
	var together []string
	for _, c := range template.Available(func(kode string) bool {
		o, ok := katalog.Standard().Element(kode)
		return ok && katalog.Standard().Permits(r.Opplysninger, o)
	}) {
		together = append(together, c.Name)
	}
	for _, f := range formats {
		all = append(all, choice{role: role, mal: template.Custom, format: f, columns: together})
	}
	return all
}

// chosen orders a list; ref is "" where the role does not give the columns.
func (w *world) chosen(c choice) (ref string) {
	w.t.Helper()
	columns, _ := json.Marshal(c.columns)
	body := fmt.Sprintf(`{"rolleId":%q,"kommunenummer":[%q],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFormat":%q,"eksportFilformat":%q,"minimering":%s}`,
		c.role, innbyggere, c.mal, c.format, columns)
	a := w.do("POST", fiks, body, w.Vendor(w.t, 2))
	var r struct{ Ref string }
	if err := json.Unmarshal(a.body, &r); err != nil || a.StatusCode != 200 && a.code() != "OPPLYSNING_UTENFOR_ROLLE" {
		w.t.Fatalf("%v: %d %s", c, a.StatusCode, a.body)
	}
	return r.Ref
}

// mute are the columns that cannot hold a value of one's own: of closed lists, the number, what was set above, the third line
// of an address in two, and those of no register.
var mute = strings.Fields(`identifikasjonsnummer_foedselsEllerDNummer status_status bostedsadresse_kommunenummer kontaktadresse_adresselinje3
	kontaktinformasjon_epost kontaktinformasjon_mobiltelefonnummer kontaktinformasjon_reservert kontaktinformasjon_kanVarsles`)

// silent searches all that is told of a list.
func (f flock) silent(w *world, c choice) {
	w.t.Helper()
	h := w.Vendor(w.t, 2)
	if l := w.finished(c.role, c.ref, h); l.InnbyggerlisteStatus != "FERDIG" {
		w.t.Fatalf("%v: %+v", c, l)
	}
	m, err := template.New(c.mal, c.columns)
	if err != nil {
		w.t.Fatal(err)
	}
	rest, rows := parts(w.t, w.do("GET", "/hjemmel/v1/lister/"+c.ref+"/fil", "", h).body, c.format)
	if told := w.do("GET", fiks+c.role+"/"+c.ref, "", h).body; f.anywhere(rest) || f.anywhere(told) {
		w.t.Errorf("%v: a value stands beside the rows", c)
	}
	places, given := f.leaked(rows, m.Needs(), false)
	if len(places) > 0 {
		w.t.Errorf("%v: %v", c, places)
	}
	for letter, id := range f.ids {
		if f.graded[letter] && bytes.Contains(rows, []byte(id)) {
			w.t.Errorf("%v: somebody graded is on it", c)
		}
	}
	if given == 0 && !slices.Contains(mute, strings.Join(c.columns, "")) {
		w.t.Errorf("%v: nothing of them, so nothing is tested", c)
	}
}
