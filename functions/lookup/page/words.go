package page

import (
	"embed"
	"encoding/json"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"hjemmel/shared/person"
	"hjemmel/shared/person/address"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// ord.json holds groups, field names, codes and sentences.
//
//go:embed ord.json
var files embed.FS

type vocabulary struct {
	Grupper []group                 `json:"grupper"`
	Felter  map[string]katalog.Text `json:"felter"`
	Koder   map[string]katalog.Text `json:"koder"`
	Tekster map[string]katalog.Text `json:"tekster"`
}

// group is which properties people look for together.
type group struct {
	Kode       string       `json:"kode"`
	Navn       katalog.Text `json:"navn"`
	Egenskaper []string     `json:"egenskaper"`
}

var words = sync.OnceValue(func() vocabulary {
	var v vocabulary
	b, err := files.ReadFile("ord.json")
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		panic(err) // the embedded file is part of the program and covered by tests
	}
	return v
})

var matcher = language.NewMatcher([]language.Tag{language.MustParse("nb"), language.MustParse("nn"), language.English})

// Language chooses nb, nn or en: the one asked for, or else the best of an Accept-Language header. ok
// is false where the one asked for is none of these.
func Language(asked, accept string) (spraak string, ok bool) {
	all := []string{"nb", "nn", "en"}
	for _, s := range all {
		if s == asked {
			return s, true
		}
	}
	if asked != "" {
		return "", false
	}
	_, i := language.MatchStrings(matcher, accept)
	return all[i], true
}

func in(t katalog.Text, spraak string) string {
	switch spraak {
	case "nn":
		return t.Nn
	case "en":
		return t.En
	}
	return t.Nb
}

func (b *builder) text(key string) string { return in(words().Tekster[key], b.Spraak) }

// named is the name of a place in the register model: the catalogue's, or else the field's.
func (b *builder) named(path string) string {
	if o := katalog.Standard().At(path); o != nil {
		return in(o.Navn, b.Spraak)
	}
	return in(words().Felter[path[strings.LastIndexByte(path, '.')+1:]], b.Spraak)
}

// Fields whose values are places.
var (
	countries = map[string]bool{
		"utstederland": true, "foedeland": true, "statsborgerskap": true, "fraflyttingsland": true, "tilflyttingsland": true,
		"landkode": true, "utland": true,
	}
	municipalities = map[string]bool{
		"kommunenummer": true, "bostedskommune": true, "foedekommuneINorge": true, "kommune": true, "fraflyttingskommunenummer": true,
	}
	codes = map[string]bool{
		"embete": true, "vergeTjenestevirksomhet": true, "vergeTjenesteoppgave": true, "omfang": true,
		"identifikasjonsdokumenttype": true, "dokumentkontrollstatus": true, "rettsligHandleevneomfang": true, "myndighet": true,
	}
)

// worded gives a value in words; a value we have no words for is told as it is.
func (b *builder) worded(f *person.Field, verdi string) string {
	v := words()
	switch known, ok := v.Koder[verdi]; {
	case countries[f.Name]:
		return b.country(verdi)
	case municipalities[f.Name] && katalog.Kommuner()[verdi] != "":
		return katalog.Kommuner()[verdi]
	case ok && (f.Enum != nil || codes[f.Name] || verdi == "true" || verdi == "false"):
		return in(known, b.Spraak)
	case codes[f.Name]:
		return apart(verdi)
	}
	return Day(verdi)
}

// country names a country by its code of two or three letters.
func (b *builder) country(code string) string {
	if name, ok := katalog.Land(code); ok {
		return in(name, b.Spraak)
	}
	return code
}

// lines writes the address of an element; nil where it holds none.
func (b *builder) lines(e person.Value) []string {
	return address.Lines(e, address.Words{UkjentBosted: b.text("ukjentBosted"), UkjentAdresse: b.text("ukjentAdresse"), Country: b.country})
}

// apart writes a code that we have no words for as words: taOppLaanKreditter as ta opp laan kreditter.
// What does not begin like a code is left.
func apart(code string) string {
	var s strings.Builder
	for i, r := range code {
		if i == 0 && !unicode.IsLower(r) {
			return code
		}
		if unicode.IsUpper(r) {
			s.WriteByte(' ')
		}
		s.WriteRune(unicode.ToLower(r))
	}
	return s.String()
}

// Day writes a date, and a point in time by its Norwegian day, as 31.12.1999. Anything else it leaves. A time
// with an offset is Norwegian as it is written: the register's offset is not always that of the day, and
// midnight would become the day before.
func Day(verdi string) string {
	if t, err := time.Parse(time.RFC3339Nano, verdi); err == nil {
		if _, offset := t.Zone(); offset == 0 {
			t = t.In(policy.Oslo())
		}
		return t.Format("02.01.2006")
	}
	if t, err := time.Parse(time.DateOnly, verdi); err == nil {
		return t.Format("02.01.2006")
	}
	return verdi
}
