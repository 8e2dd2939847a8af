package rader_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hjemmel/functions/listorder/rader"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
)

const header = "personidentifikator\r\n"

// numbers makes n numbers of the register's test persons' form, some of them d-numbers.
func numbers(t testing.TB, n int) (all []string) {
	t.Helper()
	for day := 1; len(all) < n; day++ {
		for individ := 500; individ < 1000 && len(all) < n; individ++ {
			first := day%28 + 1
			if individ%7 == 0 {
				first += 40 // a d-number
			}
			nine := fmt.Sprintf("%02d%02d%02d%03d", first, 80+day/28%12+1, day/336%20, individ)
			if k, ok := person.ControlDigits(nine); ok {
				if _, err := person.ParseID(nine + k); err == nil {
					all = append(all, nine+k)
				}
			}
		}
	}
	return all
}

func read(raw string, of rader.Slag) (rader.Fil, error) {
	return rader.Read([]byte(raw), of, api.Numbers{SyntheticOnly: true})
}

// Of ten thousand rows the one that is wrong is told of by its line, and not by what stands there.
func TestOneWrongRowOfTenThousand(t *testing.T) {
	all := numbers(t, 10_000)
	all[6172] = "01020312345"
	f, err := read(header+strings.Join(all, "\r\n")+"\r\n", rader.Personidentifikator)
	if err != nil {
		t.Fatal(err)
	}
	r := f.Rapport
	if r.Rader != 10_000 || r.Brukt != 9999 || r.AntallFeil != 1 || len(r.Feil) != 1 || r.Feil[0].Linje != 6174 || r.Feil[0].Kode != "UGYLDIG_IDENTIFIKATOR" || r.Feil[0].Tekst == "" {
		t.Errorf("%+v", r)
	}
	if b, err := json.Marshal(r); err != nil || strings.Contains(string(b), "0102031") {
		t.Errorf("%s, %v", b, err)
	}
}

func TestRows(t *testing.T) {
	n := numbers(t, 3)
	for name, c := range map[string]struct {
		raw  string
		used int
		dup  int
		bad  string // line:code
		set  string
	}{
		"as Excel saves it":   {"\ufeff" + header + n[0] + "\r\n" + n[1] + "\r\n", 2, 0, "", "UTF-8"},
		"in quotes":           {"\"personidentifikator\"\n\"" + n[0] + "\"\n", 1, 0, "", "UTF-8"},
		"in two groups":       {"PersonIdentifikator\n" + n[0][:6] + " " + n[0][6:], 1, 0, "", "UTF-8"},
		"twice":               {header + n[0] + "\n" + n[1] + "\n" + n[0], 2, 1, "", "UTF-8"},
		"lines between":       {header + "\n" + n[0] + "\n\n \n" + n[1], 2, 0, "", "UTF-8"},
		"a formula":           {header + "=cmd|'/C calc'!A0\n" + n[0], 1, 0, "2:RAD_FORMEL", "UTF-8"},
		"a formula of text":   {header + n[0] + "\n\"=\"\"" + n[1] + "\"\"\"\n", 1, 0, "3:RAD_FORMEL", "UTF-8"},
		"the zero lost":       {header + "1820012345\n" + n[0], 1, 0, "2:UGYLDIG_IDENTIFIKATOR", "UTF-8"},
		"a person of flesh":   {header + "01020398765\n" + n[0], 1, 0, "2:UGYLDIG_IDENTIFIKATOR", "UTF-8"},
		"two values":          {header + n[0] + ";" + n[1] + "\n" + n[2], 1, 0, "2:RAD_FEIL_ANTALL", "UTF-8"},
		"letters of Windows":  {header + "K\xe5re\n" + n[0], 1, 0, "2:UGYLDIG_IDENTIFIKATOR", "Windows-1252"},
		"nothing of use":      {header + "Kari", 0, 0, "2:UGYLDIG_IDENTIFIKATOR", "UTF-8"},
		"a number as a float": {header + "1.82E+10\n" + n[0], 1, 0, "2:UGYLDIG_IDENTIFIKATOR", "UTF-8"},
	} {
		f, err := read(c.raw, rader.Personidentifikator)
		bad := ""
		for _, e := range f.Rapport.Feil {
			bad += fmt.Sprintf("%d:%s", e.Linje, e.Kode)
		}
		if err != nil || f.Rapport.Brukt != c.used || len(f.Numre) != c.used || f.Rapport.Duplikater != c.dup || bad != c.bad || f.Rapport.Tegnsett != c.set {
			t.Errorf("%s: %v %+v", name, err, f.Rapport)
		}
	}
}

func TestAddresses(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		used int
		bad  int
	}{
		"with semicolons":          {"adressenavn;husnummer;kommunenummer\nStorgata;10B;0301\nLøkkeveien;;4621\n", 2, 0},
		"with commas":              {"kommunenummer,adressenavn,husnummer\n0301,Storgata,10B\n", 1, 0},
		"with tabs":                {"kommunenummer\tadressenavn\n0301\tStorgata\n", 1, 0},
		"from Windows":             {"adressenavn;kommunenummer\nL\xf8kkeveien;4621\n", 1, 0},
		"in other letters":         {"adressenavn;kommunenummer\nStorgata;0301\nSTORGATA;0301\n", 1, 0},
		"without kommune":          {"adressenavn;kommunenummer\nStorgata;\n", 0, 1},
		"in a kommune that is not": {"adressenavn;kommunenummer\nStorgata;9999\n", 0, 1},
		"without street":           {"adressenavn;husnummer;kommunenummer\n;10;0301\nSt;10;0301\n", 0, 2},
		"a formula":                {"adressenavn;husnummer;kommunenummer\n+Storgata;10;0301\n@SUM(A1);1;0301\n-1;1;0301\n", 0, 3},
	} {
		f, err := read(c.raw, rader.Adresse)
		if err != nil || f.Rapport.Brukt != c.used || len(f.Adresser) != c.used || f.Rapport.AntallFeil != c.bad {
			t.Errorf("%s: %v %+v", name, err, f.Rapport)
		}
		if c.used == 1 && f.Adresser[0].By["kommunenummer"] == "" {
			t.Errorf("%s: %v", name, f.Adresser)
		}
	}
	if f, _ := read("adressenavn;kommunenummer\nL\xf8kkeveien;4621\n", rader.Adresse); f.Adresser[0].By["adressenavn"] != "Løkkeveien" {
		t.Errorf("%v", f.Adresser)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	n := numbers(t, 1)[0]
	for name, c := range map[string]struct {
		raw, code string
		of        rader.Slag
	}{
		"nothing":             {"", "CSV_TOM", rader.Personidentifikator},
		"columns only":        {header, "CSV_TOM", rader.Personidentifikator},
		"no columns":          {n + "\n", "CSV_FEIL_KOLONNER", rader.Personidentifikator},
		"another column":      {"personidentifikator;navn\n" + n + ";Kari\n", "CSV_FEIL_KOLONNER", rader.Personidentifikator},
		"a column twice":      {"personidentifikator;personidentifikator\n", "CSV_FEIL_KOLONNER", rader.Personidentifikator},
		"addresses":           {"adressenavn;kommunenummer\nStorgata;0301\n", "CSV_FEIL_KOLONNER", rader.Personidentifikator},
		"numbers":             {header + n, "CSV_FEIL_KOLONNER", rader.Adresse},
		"a quote not closed":  {header + "\"" + n + "\n" + n + "\n", "CSV_ULESELIG", rader.Personidentifikator},
		"a quote in a value":  {header + n + "\"\n", "CSV_ULESELIG", rader.Personidentifikator},
		"a value of lines":    {header + "\"" + n + "\n" + n + "\"\n", "CSV_ULESELIG", rader.Personidentifikator},
		"a workbook":          {"PK\x03\x04\x00\x00", "CSV_IKKE_TEKST", rader.Personidentifikator},
		"UTF-16":              {"\xff\xfep\x00", "CSV_IKKE_TEKST", rader.Personidentifikator},
		"too many addresses":  {"adressenavn;kommunenummer\n" + strings.Repeat("Storgata;0301\n", rader.MaksAdresser+1), "CSV_FOR_MANGE_RADER", rader.Adresse},
		"too many of numbers": {header + strings.Repeat(n+"\n", rader.MaksNumre+1), "CSV_FOR_MANGE_RADER", rader.Personidentifikator},
	} {
		f, err := read(c.raw, c.of)
		if fault.Of(err) == nil || fault.Of(err).Code != c.code || f.Numre != nil || f.Adresser != nil || strings.Contains(err.Error(), n) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever a file holds, each of its rows is used, told of, or there before, and a report repeats none of it.
func FuzzRead(f *testing.F) {
	f.Add([]byte(header+"14827849805\n"), true)
	f.Add([]byte("adressenavn;husnummer;kommunenummer\nKANARIGATA;1;0301\n=KANARI;;\n"), false)
	f.Add([]byte(header+"\"KANARI\n"), true)
	f.Fuzz(func(t *testing.T, raw []byte, ids bool) {
		of := rader.Adresse
		if ids {
			of = rader.Personidentifikator
		}
		got, err := read(string(raw), of)
		if err != nil {
			if got.Rapport.Rader != 0 || strings.Contains(err.Error()+fmt.Sprint(fault.Of(err).Detail, fault.Of(err).Elements), "KANARI") {
				t.Fatal(err)
			}
			return
		}
		r := got.Rapport
		if r.Rader != r.Brukt+r.Duplikater+r.AntallFeil || r.Rader == 0 || len(r.Feil) > r.AntallFeil {
			t.Fatalf("%+v", r)
		}
		if b, err := json.Marshal(r); err != nil || strings.Contains(string(b), "KANARI") {
			t.Fatalf("%s", b)
		}
	})
}
