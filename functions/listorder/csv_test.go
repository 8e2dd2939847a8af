package listorder_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/population"
)

// csvOrder orders a list by a file.
func (w *world) csvOrder(query, body string, h http.Header) answer {
	h = h.Clone()
	h.Set("Content-Type", "text/csv")
	return w.do("POST", fiks+"listesoek/csv?rolleId="+manntall+"&eksportFilformat=CSV&"+query, body, h)
}

type csvAnswer struct {
	Ref     string
	Rapport rader.Rapport
}

func (a answer) csv(t testing.TB) (c csvAnswer) {
	t.Helper()
	if err := json.Unmarshal(a.body, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

const byNumber, byAddress = "listesoekType=PERSONIDENTIFIKATOR", "listesoekType=ADRESSE"

// A file of numbers makes a row for each person whom the role may know of, and nothing tells why another has none.
func TestAListOfAFileOfNumbers(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	unknown := "14827849805"
	var numbers []string
	for f := range w.Freg.Population().Each {
		if f.Status == "bosatt" && len(numbers) < 40 {
			numbers = append(numbers, f.ID.Reveal())
		}
	}
	file := "personidentifikator\r\n" + strings.Join(numbers, "\r\n") + "\r\n" + unknown + "\r\n" + numbers[0] + "\r\n"
	a := w.csvOrder(byNumber, file, h)
	c := a.csv(t)
	if a.StatusCode != 200 || c.Rapport.Brukt != 41 || c.Rapport.Duplikater != 1 || c.Rapport.AntallFeil != 0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if r := w.finished(manntall, c.Ref, h); r.InnbyggerlisteStatus != "FERDIG" || r.Rader != 40 {
		t.Fatalf("%+v\n%s", r, w.Log)
	}
	var got []string
	for _, row := range w.rows(c.Ref, h)[1:] {
		got = append(got, row[0])
	}
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(numbers))) {
		t.Errorf("%d rows", len(got))
	}
	told := 0
	for _, e := range w.Entries(t) {
		if e.Gjelder == c.Ref && e.Subjekt != "" && e.Utfall == audit.Utlevert {
			told++
		}
	}
	if told != 40 {
		t.Errorf("%d entries", told)
	}
	w.quiet(numbers[3], unknown)
}

// One row that is wrong stops the order, unless the one who orders goes on with the rest.
func TestAFileWithAWrongRow(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	f, _ := w.living()
	file := "\ufeffpersonidentifikator\n01020312345\n" + f.ID.Reveal() + "\n=1+1\n"
	a := w.csvOrder(byNumber, file, h)
	c := a.csv(t)
	if a.StatusCode != 400 || a.code() != "CSV_FEIL_I_RADER" || c.Ref != "" || len(c.Rapport.Feil) != 2 || c.Rapport.Feil[0].Linje != 2 || c.Rapport.Feil[1].Kode != "RAD_FORMEL" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if all := w.do("GET", fiks+"?rolleId="+manntall, "", h); strings.Contains(string(all.body), "LISTESOEK") {
		t.Error("something was ordered")
	}
	a = w.csvOrder(byNumber+"&fortsett=true", file, h)
	if c = a.csv(t); a.StatusCode != 200 || c.Rapport.AntallFeil != 2 || c.Rapport.Brukt != 1 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	w.finished(manntall, c.Ref, h)
	if rows := w.rows(c.Ref, h); len(rows) != 2 || rows[1][0] != f.ID.Reveal() {
		t.Errorf("%d rows", len(rows))
	}
	w.quiet("01020312345", f.ID.Reveal())
}

// A file of addresses lists those who live there and may be found so, each once.
func TestAListOfAFileOfAddresses(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	f, home := w.living()
	var hidden population.Adresse
	for p := range w.Freg.Population().Each {
		if p.ID == w.Person("fortrolig") {
			hidden = p.Adresser[len(p.Adresser)-1]
		}
	}
	row := func(a population.Adresse) string {
		return strings.Join([]string{a.Adressenavn, a.Husnummer, a.Kommunenummer}, ";") + "\n"
	}
	a := w.csvOrder(byAddress, "adressenavn;husnummer;kommunenummer\n"+row(home)+row(hidden), h)
	c := a.csv(t)
	if a.StatusCode == 403 && a.code() == "SOEKEPARAMETER_UTENFOR_ROLLE" {
		t.Fatalf("%s", a.body)
	}
	if r := w.finished(manntall, c.Ref, h); a.StatusCode != 200 || r.InnbyggerlisteStatus != "FERDIG" {
		t.Fatalf("%d %s %+v", a.StatusCode, a.body, r)
	}
	found := 0
	for _, r := range w.rows(c.Ref, h)[1:] {
		switch r[0] {
		case f.ID.Reveal():
			found++
		case w.Person("fortrolig").Reveal():
			t.Error("found by where they live")
		}
	}
	if found != 1 {
		t.Errorf("found %d times", found)
	}
	w.quiet(home.Adressenavn+`"`, f.ID.Reveal())
}

func TestFilesThatCannotBeOrderedBy(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	f, _ := w.living()
	id := f.ID.Reveal()
	good := "personidentifikator\n" + id + "\n"
	for name, c := range map[string]struct {
		query, body string
		status      int
		code        string
	}{
		"no type": {"", good, 400, "LISTE_UGYLDIG"}, "another type": {"listesoekType=NAVN", good, 400, "LISTE_UGYLDIG"},
		"a parameter nobody knows": {byNumber + "&fnr=1", good, 400, "UKJENT_PARAMETER"},
		"no wish":                  {byNumber + "&fortsett=kanskje", good, 400, "UGYLDIG_PARAMETER"},
		"another template":         {byNumber + "&eksportFormat=FINNES_IKKE", good, 400, "MAL_UKJENT"},
		"columns outside the role": {byNumber + "&eksportFormat=VAKSINE", good, 403, "OPPLYSNING_UTENFOR_ROLLE"},
		"another column":           {byNumber, "personidentifikator;navn\n" + id + ";Kari\n", 400, "CSV_FEIL_KOLONNER"},
		"nothing":                  {byNumber, "personidentifikator\n", 400, "CSV_TOM"},
		"nothing of use":           {byNumber + "&fortsett=true", "personidentifikator\n" + id + "0\n", 400, "CSV_INGEN_BRUKBARE_RADER"},
		"50 MB":                    {byNumber, "personidentifikator\n" + strings.Repeat(id+"\n", 50<<20/12), 413, "FOR_STOR_KROPP"},
	} {
		a := w.csvOrder(c.query, c.body, h)
		if a.StatusCode != c.status || a.code() != c.code || strings.Contains(string(a.body), id) {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := w.do("POST", fiks+"listesoek/csv?rolleId="+manntall+"&"+byNumber, good, h); a.code() != "UGYLDIG_INNHOLDSTYPE" {
		t.Errorf("as JSON: %d %s", a.StatusCode, a.body)
	}
	for name, who := range map[string]http.Header{"nobody": {}, "another vendor": w.Vendor(t, 1), "an employee without the role": w.Employee(t, "ansatt-06")} {
		if a := w.csvOrder(byNumber, good, who); a.StatusCode != 401 && a.StatusCode != 403 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	for _, e := range w.Entries(t) {
		if e.Utfall == audit.Utfoert {
			t.Errorf("something was ordered: %+v", e)
		}
	}
	w.quiet(id)
}
