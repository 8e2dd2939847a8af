// Package bestilling is what a list can be ordered by, as Fiks has it with what we offer beside it: criteria, a
// search, or dates of birth, and how the list is to look.
//
// It refuses members whose values nobody can fit, and names them without repeating them. It asks nobody and
// judges nothing: what a role may is for the corridor.
package bestilling

import (
	"slices"
	"strconv"
	"strings"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/policy/katalog"
)

// Kriterier is what a list is ordered by, as Fiks has it. Empty members do not restrict.
type Kriterier struct {
	RolleID             string   `json:"rolleId"`
	Kommunenummer       []string `json:"kommunenummer"`
	KommuneTilhoerighet string   `json:"kommuneTilhoerighet"` // BOSTED, OPPHOLD, or BEGGE, which is ours: whoever fits one
	Status              []string `json:"status"`
	Foedt               Spenn    `json:"foedt,omitzero"`
	Doed                Spenn    `json:"doed,omitzero"`
	Kjoenn              string   `json:"kjoenn,omitempty"`
	Statsborgerskap     string   `json:"statsborgerskap,omitempty"`
	Sivilstand          string   `json:"sivilstand,omitempty"`
	Form
	Tilleggsopplysninger []string `json:"tilleggsopplysninger,omitempty"`
}

// Words are the criteria in words, a line each.
func (c Kriterier) Words() string {
	var kommuner []string
	for _, k := range c.Kommunenummer {
		kommuner = append(kommuner, katalog.Kommuner()[k]+" ("+k+")")
	}
	where := map[string]string{"BOSTED": "Bosatt i ", "OPPHOLD": "Oppholdsadresse i ", begge: "Bosatt eller med oppholdsadresse i "}[c.KommuneTilhoerighet]
	lines := []string{where + strings.Join(kommuner, ", "), "Status: " + strings.Join(named(statuses, c.Status), ", ")}
	for _, l := range []struct{ what, text string }{
		{"Født", c.Foedt.words()}, {"Død", c.Doed.words()}, {"Kjønn", strings.Join(named(genders, []string{c.Kjoenn}), "")},
		{"Statsborgerskap", c.Statsborgerskap}, {"Sivilstand", strings.Join(named(civil, []string{c.Sivilstand}), "")},
	} {
		if l.text != "" {
			lines = append(lines, l.what+": "+l.text)
		}
	}
	return strings.Join(lines, "\n")
}

func (s Spenn) words() string {
	from, to, _ := s.years()
	if from == to {
		return from
	}
	return from + "–" + to
}

// named are values of a closed list in words.
func named(of, values []string) []string {
	var all []string
	for _, v := range values {
		if kode, ok := code(of, v); ok {
			all = append(all, words[kode])
		}
	}
	return all
}

// Spenn is a span of years, both included; an end that is not there is open.
type Spenn struct {
	FraAar *int `json:"fraAar,omitempty"`
	TilAar *int `json:"tilAar,omitempty"`
}

// begge lists those who live in the kommuner and those who stay there.
const begge = "BEGGE"

// Uttrekk is what to ask the register for in each kommune, by bosted, by opphold, or by each in turn, and the members that cannot be right.
func (c Kriterier) Uttrekk() (u disclosure.Uttrekk, wrong []string) {
	wrong = c.Form.Wrong()
	check := func(ok bool, name string) {
		if !ok {
			wrong = append(wrong, name)
		}
	}
	check(len(c.Kommunenummer) > 0 && len(c.Kommunenummer) <= maxKommuner && !slices.ContainsFunc(c.Kommunenummer, unknownKommune), "kommunenummer")
	check(slices.Contains([]string{"BOSTED", "OPPHOLD", begge}, c.KommuneTilhoerighet), "kommuneTilhoerighet")
	check(len(c.Status) > 0, "status")
	check(len(c.Tilleggsopplysninger) == 0, "tilleggsopplysninger") // no such register is connected
	if c.KommuneTilhoerighet != "OPPHOLD" {
		u.Kommune.Bosted = "0000"
	}
	if c.KommuneTilhoerighet != "BOSTED" {
		u.Kommune.Opphold = "0000"
	}
	for _, s := range c.Status {
		kode, ok := code(statuses, s)
		check(ok, "status")
		u.Personstatustyper = append(u.Personstatustyper, kode)
	}
	var ok bool
	u.Kjoenn, ok = code(genders, c.Kjoenn)
	check(ok || c.Kjoenn == "", "kjoenn")
	u.Sivilstandstype, ok = code(civil, c.Sivilstand)
	check(ok || c.Sivilstand == "", "sivilstand")
	check(c.Statsborgerskap == "" || len(c.Statsborgerskap) == 3 && strings.ToUpper(c.Statsborgerskap) == c.Statsborgerskap, "statsborgerskap")
	u.Statsborgerskap = c.Statsborgerskap
	u.FoedselsaarFraOgMed, u.FoedselsaarTilOgMed, ok = c.Foedt.years()
	check(ok, "foedt")
	u.DoedsaarFraOgMed, u.DoedsaarTilOgMed, ok = c.Doed.years()
	check(ok, "doed")
	slices.Sort(wrong)
	return u, slices.Compact(wrong)
}

func (s Spenn) years() (from, to string, ok bool) {
	year := func(n *int) (string, bool) {
		if n == nil {
			return "", true
		}
		return strconv.Itoa(*n), *n >= 1800 && *n <= 2200
	}
	from, ok1 := year(s.FraAar)
	to, ok2 := year(s.TilAar)
	return from, to, ok1 && ok2 && (from == "" || to == "" || from <= to)
}

// code finds a value of a closed list in the register's spelling.
func code(of []string, value string) (string, bool) {
	i := slices.IndexFunc(of, func(s string) bool { return strings.ToUpper(s) == value })
	if i < 0 {
		return "", false
	}
	return of[i], true
}
