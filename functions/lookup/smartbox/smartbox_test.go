package smartbox_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"hjemmel/functions/lookup/smartbox"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestReadings(t *testing.T) {
	for _, c := range []struct {
		text, words string
		others      []string
		notes       int
	}{
		{"14827849805", "Fødselsnummer eller d-nummer: 14827849805.", nil, 0},
		{" 148278 49805 ", "Fødselsnummer eller d-nummer: 14827849805.", nil, 0},
		{"148278-49805", "Fødselsnummer eller d-nummer: 14827849805.", nil, 0},
		{"14 82 78 49805", "Fødselsnummer eller d-nummer: 14827849805.", nil, 0},
		{"14.82.78 498 05", "Fødselsnummer eller d-nummer: 14827849805.", nil, 0},
		{"Hansen 148278 49805", "Fødselsnummer eller d-nummer: 14827849805.", nil, 1},
		{"fnr: 14827849805.", "Fødselsnummer eller d-nummer: 14827849805.", nil, 1},

		{"Nordmann", "Navn: Nordmann.", nil, 0},
		{"ola  NORDMANN", "Navn: ola NORDMANN.", nil, 0},
		{"Nordmann, Ola", "Navn: Ola Nordmann.", []string{"Navn: Nordmann Ola."}, 1},
		{"Anne-Lise D’Arc", "Navn: Anne-Lise D’Arc.", nil, 0},
		{"Máhtte Áŋŋel Čáhci", "Navn: Máhtte Áŋŋel Čáhci.", nil, 0},

		{"Nordmann Voss", "Navn: Nordmann. Kommune: Voss (4621).", []string{"Navn: Nordmann Voss."}, 1},
		{"Nordmann, Voss", "Navn: Nordmann. Kommune: Voss (4621).", nil, 0},
		{"Voss, Ola", "Navn: Ola. Kommune: Voss (4621).", []string{"Navn: Ola Voss."}, 1},
		{"Ola Nordmann i Voss", "Navn: Ola Nordmann. Kommune: Voss (4621).", nil, 0},
		{"Hansen fra Nord-Aurdal", "Navn: Hansen. Kommune: Nord-Aurdal (3451).", nil, 0},
		{"Hansen indre østfold", "Navn: Hansen. Kommune: Indre Østfold (3118).", []string{"Navn: Hansen indre østfold."}, 1},
		{"Hansen, Herøy", "Navn: Hansen. Kommune: Herøy (1515) eller Herøy (1818).", nil, 1},
		{"Voss", "Navn: Voss.", nil, 1},

		{"Storgata 1 5700", "Adresse: Storgata 1. Postnummer: 5700.", nil, 0},
		{"Storgata 1B, 5700 Voss", "Adresse: Storgata 1B. Postnummer: 5700.", []string{"Navn: Voss. Adresse: Storgata 1B. Postnummer: 5700."}, 1},
		{"Storgata 1 b 5700", "Adresse: Storgata 1B. Postnummer: 5700.", nil, 0},
		{"Storgata 1 1970", "Adresse: Storgata 1. Postnummer: 1970.", nil, 0},
		{"Kongens gate 12", "Adresse: Kongens gate 12.", nil, 0},
		{"Hansen Kongens gate 12", "Navn: Hansen. Adresse: Kongens gate 12.", []string{"Adresse: Hansen Kongens gate 12."}, 1},
		{"Hansen, Kongens gate 12, 0153 Oslo", "Navn: Hansen. Adresse: Kongens gate 12. Postnummer: 0153.", []string{"Navn: Hansen Oslo. Adresse: Kongens gate 12. Postnummer: 0153."}, 1},
		{"Hansen Storgata 1 Voss", "Navn: Hansen. Adresse: Storgata 1. Kommune: Voss (4621).",
			[]string{"Adresse: Hansen Storgata 1. Kommune: Voss (4621).", "Navn: Hansen Voss. Adresse: Storgata 1."}, 2},
		{"Øvre Haugen 12", "Adresse: Øvre Haugen 12.", []string{"Navn: Øvre. Adresse: Haugen 12."}, 1},
		{"Storgata 1 H0101", "Adresse: Storgata 1. Bruksenhet: H0101.", nil, 0},
		{"Hansen Storgata", "Navn: Hansen. Adresse: Storgata.", []string{"Navn: Hansen Storgata."}, 1},
		{"Hansen, Storgata", "Navn: Hansen. Adresse: Storgata.", []string{"Navn: Hansen Storgata."}, 1},
		{"Hansen 5700", "Navn: Hansen. Postnummer: 5700.", nil, 0},
		{"5700 Hansen", "Navn: Hansen. Postnummer: 5700.", nil, 0},

		{"12.5.70 Hansen", "Navn: Hansen. Født: 12.5.1970.", nil, 0},
		{"Hansen 12/5-1970", "Navn: Hansen. Født: 12.5.1970.", nil, 0},
		{"Hansen f. 120570", "Navn: Hansen. Født: 12.5.1970.", nil, 0},
		{"Hansen 12051970", "Navn: Hansen. Født: 12.5.1970.", nil, 0},
		{"1970-05-12", "Født: 12.5.1970.", nil, 0},
		{"19700512", "Født: 12.5.1970.", nil, 0},
		{"29.2.00 Hansen", "Navn: Hansen. Født: 29.2.2000.", nil, 0},
		{"12.5.20 Hansen", "Navn: Hansen. Født: 12.5.2020.", []string{"Navn: Hansen. Født: 12.5.1920."}, 1},
		{"Hansen 1970", "Navn: Hansen. Født: 1970.", []string{"Navn: Hansen. Postnummer: 1970."}, 1},
		{"Hansen født 1970", "Navn: Hansen. Født: 1970.", nil, 0},
		{"Hansen 1970-1979 Voss", "Navn: Hansen. Født: 1970–1979. Kommune: Voss (4621).", []string{"Navn: Hansen Voss. Født: 1970–1979."}, 1},
		{"Hansen 1970 5700", "Navn: Hansen. Født: 1970. Postnummer: 5700.", nil, 0},
	} {
		f, err := smartbox.Read(c.text, today)
		var others []string
		for _, o := range f.Alternativer {
			others = append(others, o.Tekst)
		}
		if err != nil || f.Tekst != c.words || !slices.Equal(others, c.others) || len(f.Merknader) != c.notes {
			t.Errorf("%q: %q, others %q, %q, %v", c.text, f.Tekst, others, f.Merknader, err)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for _, text := range []string{
		"", "   ", ",", "12", "Hansen 12 13", "31.2.1970", "30.2.70 Hansen", "Hansen 1.1.2027", "Hansen 99999999", "Hansen @", "{}", "Hansen 1980-1970", "201200000109",
		"14827849805 21850999705", "1234567890123", strings.Repeat("a", smartbox.MaxTekst+1), "Hansen 12.5.1970 13.5.1970", "?",
	} {
		if f, err := smartbox.Read(text, today); !fault.Is(err, fault.Invalid) || f.Tekst != "" || len(text) > 4 && strings.Contains(fault.Of(err).Detail, text) {
			t.Errorf("%q: %+v, %v", text, f, err)
		}
	}
}

// FuzzRead holds that whatever is typed is either not understood or accounted for: every word and every digit
// is in what was understood or is told of, and what was understood is the same when it is read again.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"Nordmann Voss", "Storgata 1 B 5700 Voss", "12.5.70 Hansen", "148278 49805", "Hansen, Ola 1970-1980", "Kongens gate 12 H0101", "i Voss", "født 1970"} {
		f.Add(text)
	}
	numbers := api.Numbers{}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := smartbox.Read(text, today)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v", err)
			}
			return
		}
		if got.Tekst == "" || got.Merknader == nil || got.Alternativer == nil {
			t.Fatalf("%+v", got)
		}
		for _, l := range append(got.Alternativer, got.Lesning) {
			if _, err := l.Kriterier.Sought(numbers); err != nil && l.Kriterier.Personidentifikator == "" && len(strings.TrimSpace(l.Kriterier.Navn)) > 2 && len(l.Kriterier.Adressenavn) > 3 {
				t.Fatalf("%+v: %v", l, err)
			}
		}
		if again, err := smartbox.Read(text, today); err != nil || fmt.Sprintf("%+v", again.Tekst) != fmt.Sprintf("%+v", got.Tekst) {
			t.Fatalf("%+v, then %+v", got, again)
		}
		if got.Kriterier.Personidentifikator == "" {
			accounted(t, text, got)
		}
	})
}

// accounted holds that nothing of the text is dropped in silence.
func accounted(t *testing.T, text string, got smartbox.Forstaatt) {
	t.Helper()
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	told := strings.ToUpper(string(b))
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;\n", c) }) {
		if !strings.ContainsFunc(w, unicode.IsLetter) || slices.Contains([]string{"i", "fra", "født", "fødd", "f.", "f", "fødselsdato", "fødselsår"}, strings.ToLower(w)) {
			continue
		}
		quoted, err := json.Marshal(strings.ToUpper(w))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told, strings.Trim(string(quoted), `"`)) {
			t.Fatalf("%q of %q is told of nowhere: %s", w, text, b)
		}
	}
	digits := func(s string) (n int) {
		for _, c := range s {
			if c >= '0' && c <= '9' {
				n++
			}
		}
		return n
	}
	if digits(text) > digits(got.Tekst)+4 { // a span of one year is said as the year, 05 as 5
		t.Fatalf("%q: digits are lost: %s", text, b)
	}
}
