// Package personsoek is the person search as Fiks has it: what a search may ask for
// (PersonSoekDefinisjon), with what we offer beside it, and how Fiks spells persons in the answer.
//
// It refuses criteria that nobody can fit, municipalities that do not exist, and members that it does
// not know: a criterion that is misspelt must not widen a search in silence.
package personsoek

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/policy/katalog"
)

// Bounds of a search.
const (
	// StandardTreff is how many persons a search shows that does not say.
	StandardTreff = 1000
	// MaksTreff is how many persons the register tells of at most.
	MaksTreff = 10_000
	// MaksKommuner bounds the municipalities of one search: each is a search of its own in the register.
	MaksKommuner = 10
)

// Definisjon is what to search for. Empty members do not restrict. Kommunenumre and Bruksenhetsnummer
// are ours, the others Fiks'.
type Definisjon struct {
	RolleID string `json:"rolleId,omitempty"`
	// Navn is one or more whole words of a name, the first of the given name and the last of the surname.
	Navn   string `json:"navn,omitempty"`
	Kjoenn string `json:"kjoenn,omitempty"` // MANN or KVINNE
	// Foedselsdato is a date as a number, YYYYMMDD.
	Foedselsdato *int         `json:"foedselsdato,omitempty"`
	Foedt        AarIntervall `json:"foedt,omitzero"`
	// Adressenavn is at least the first three letters of a street's name.
	Adressenavn       string `json:"adressenavn,omitempty"`
	Husnummer         string `json:"husnummer,omitempty"` // with its letter: 10B
	Bruksenhetsnummer string `json:"bruksenhetsnummer,omitempty"`
	Postnummer        string `json:"postnummer,omitempty"`
	Kommunenummer     string `json:"kommunenummer,omitempty"`
	// Kommunenumre are up to [MaksKommuner] municipalities, of which any will do; never with Kommunenummer.
	Kommunenumre                     []string `json:"kommunenumre,omitempty"`
	Fylkesnummer                     string   `json:"fylkesnummer,omitempty"`
	InkluderOppholdsadresse          bool     `json:"inkluderOppholdsadresse,omitempty"`
	SoekFonetisk                     bool     `json:"soekFonetisk,omitempty"`
	InkluderDoede                    bool     `json:"inkluderDoede,omitempty"`
	InkluderHistoriskeNavnOgAdresser bool     `json:"inkluderHistoriskeNavnOgAdresser,omitempty"`
	// MaksTreff is the most persons to show, 1 to 10 000; [StandardTreff] where none is said.
	MaksTreff *int     `json:"maksTreff,omitempty"`
	Parts     []string `json:"parts,omitempty"`
	// Personidentifikator makes the search a lookup: all else but Parts is passed over.
	Personidentifikator string `json:"personidentifikator,omitempty"`
}

// AarIntervall is a span of years, both included; an end that is not there is open.
type AarIntervall struct {
	FraAar *int `json:"fraAar,omitempty"`
	TilAar *int `json:"tilAar,omitempty"`
}

// Read reads a definition from a request's body.
func Read(r *http.Request) (Definisjon, error) {
	var d Definisjon
	_, err := api.ReadBody(r, &d)
	d.RolleID = strings.ToLower(d.RolleID)
	return d, err
}

// Sought is whom the definition is for. The fault names the members that cannot be right.
func (d Definisjon) Sought(numbers api.Numbers) (disclosure.Sought, error) {
	wrong := d.wrong()
	by, err := numbers.HitCriteria(d.values())
	if f := fault.Of(err); f != nil {
		for _, name := range f.Elements {
			wrong = append(wrong, asHere(name))
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return disclosure.Sought{}, api.InvalidParameter(slices.Compact(wrong)...)
	}
	s := disclosure.Sought{By: by, Kommuner: d.kommuner(), Bruksenhet: d.Bruksenhetsnummer, Most: StandardTreff}
	delete(by, "maksTreff")
	if d.MaksTreff != nil {
		s.Most = *d.MaksTreff
	}
	return s, err
}

// kommuner are the municipalities to search, each once; none where the criteria name one or none.
func (d Definisjon) kommuner() []string {
	return slices.Compact(slices.Sorted(slices.Values(d.Kommunenumre)))
}

// names are the register's names of members that are called otherwise here.
var names = map[string]string{
	"foedselsaarFraOgMed": "foedt.fraAar", "foedselsaarTilOgMed": "foedt.tilAar", "opplysningsgrunnlag": "inkluderHistoriskeNavnOgAdresser",
}

func asHere(name string) string {
	if here, ok := names[name]; ok {
		return here
	}
	return name
}

// values are the criteria by the register's names.
func (d Definisjon) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{
		"navn": d.Navn, "kjoenn": strings.ToLower(d.Kjoenn), "foedselsdato": digits(d.Foedselsdato, 8),
		"foedselsaarFraOgMed": digits(d.Foedt.FraAar, 4), "foedselsaarTilOgMed": digits(d.Foedt.TilAar, 4),
		"adressenavn": d.Adressenavn, "husnummer": strings.ReplaceAll(d.Husnummer, " ", ""), "postnummer": d.Postnummer,
		"kommunenummer": d.Kommunenummer, "fylkesnummer": d.Fylkesnummer, "maksTreff": digits(d.MaksTreff, 1),
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, on := range map[string]bool{
		"inkluderOppholdsadresse": d.InkluderOppholdsadresse, "soekFonetisk": d.SoekFonetisk, "inkluderDoede": d.InkluderDoede,
	} {
		if on {
			v.Set(name, "true")
		}
	}
	if d.InkluderHistoriskeNavnOgAdresser {
		v.Set("opplysningsgrunnlag", "historisk")
	}
	return v
}

// digits writes a number with at least so many digits, or "" for none.
func digits(n *int, width int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%0*d", width, *n)
}

var dwelling = regexp.MustCompile(`^[HULK][0-9]{4}$`)

// wrong lists the members whose values cannot be right by rules that the register's parameters lack.
func (d Definisjon) wrong() []string {
	var wrong []string
	check := func(ok bool, name string) {
		if !ok {
			wrong = append(wrong, name)
		}
	}
	check(d.Kjoenn == "" || d.Kjoenn == "MANN" || d.Kjoenn == "KVINNE", "kjoenn")
	check(d.Foedt.FraAar == nil || d.Foedt.TilAar == nil || *d.Foedt.FraAar <= *d.Foedt.TilAar, "foedt")
	check(d.Bruksenhetsnummer == "" || dwelling.MatchString(d.Bruksenhetsnummer), "bruksenhetsnummer")
	check(len(d.Kommunenumre) <= MaksKommuner && (len(d.Kommunenumre) == 0 || d.Kommunenummer == ""), "kommunenumre")
	former := d.InkluderHistoriskeNavnOgAdresser // in which municipalities stand that are no more
	check(former || d.Kommunenummer == "" || known(d.Kommunenummer), "kommunenummer")
	check(former || d.Fylkesnummer == "" || county(d.Fylkesnummer), "fylkesnummer")
	for _, k := range d.Kommunenumre {
		check(known(k) || former && four(k), "kommunenumre")
	}
	return wrong
}

func known(kommunenummer string) bool { return katalog.Kommuner()[kommunenummer] != "" }

func county(fylkesnummer string) bool {
	for k := range katalog.Kommuner() {
		if k[:2] == fylkesnummer {
			return true
		}
	}
	return false
}

func four(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && len(s) == 4 && n > 0
}
