package wire

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hjemmel/shared/fault"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Change is what a client wants a role to be. What is absent stays. Fiks' specification spells some
// members in two ways, and names them differently in create and change: all are taken.
type Change struct {
	Navn            *string `json:"navn"`
	NyttNavn        *string `json:"nyttNavn"`
	Beskrivelse     *string `json:"beskrivelse"`
	NyBeskrivelse   *string `json:"nyBeskrivelse"`
	Tjenesteomraade *string `json:"tjenesteomraade"`
	Paa             *flag   `json:"kanBrukesPaaSokeside"`
	Pa              *flag   `json:"kanBrukesPaSokeside"`

	Opplysninger  *[]string `json:"opplysninger"`
	Bruksomraader *[]string `json:"bruksomraader"`
	Tjenester     *[]string `json:"tjenester"`

	Hjemler                 *[]string        `json:"hjemler"`
	Kommuner                *[]string        `json:"kommuner"`
	Formaal                 *policy.Formaal  `json:"formaal"`
	AapneGradert            *bool            `json:"aapneGradert"`
	Budsjett                *policy.Budsjett `json:"budsjett"`
	NoedtilgangTimer        *int             `json:"noedtilgangTimer"`
	ListerKreverGodkjenning *bool            `json:"listerKreverGodkjenning"`
	GyldigFra               *time.Time       `json:"gyldigFra"`
	GyldigTil               *time.Time       `json:"gyldigTil"`
	Aktiv                   *bool            `json:"aktiv"`
	Kommentar               string           `json:"kommentar"`
}

// flag is a boolean, bare or wrapped in an object as Fiks' change has it.
type flag bool

// UnmarshalJSON reads both.
func (f *flag) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, (*bool)(f)) == nil {
		return nil
	}
	var in struct {
		Paa *bool `json:"kanBrukesPaaSokeside"`
		Pa  *bool `json:"kanBrukesPaSokeside"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	if one := first(in.Paa, in.Pa); one != nil {
		*f = flag(*one)
		return nil
	}
	return ErrRole.About("kanBrukesPaaSokeside")
}

func first[T any](of ...*T) *T {
	for _, p := range of {
		if p != nil {
			return p
		}
	}
	return nil
}

// What is wrong with a role.
var (
	ErrRole = fault.New(fault.Invalid, "ROLLE_UGYLDIG",
		"Felter mangler eller har verdier som ikke kan stemme, eller som tjenesteområdet ikke åpner for.")
	ErrOutsideArea = fault.New(fault.Invalid, "OPPLYSNING_UTENFOR_OMRAADE",
		"Opplysninger finnes ikke, eller de kan ikke gis i dette tjenesteområdet.")
	ErrAreaFixed = fault.New(fault.Invalid, "TJENESTEOMRAADE_KAN_IKKE_ENDRES",
		"En rolle kan ikke bytte tjenesteområde. Lag en ny rolle i det andre området.")
	ErrComment = fault.New(fault.Invalid, "KOMMENTAR_MANGLER", "Skriv en kommentar på 3 til 1000 tegn som sier hvorfor rollen endres.")
)

// The shapes of texts. A name cannot start as a formula does.
var (
	nameShape    = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,:;/()&'+_«»–-]{1,399}$`)
	textShape    = regexp.MustCompile(`^[^\p{C}]*$`)
	kommuneShape = regexp.MustCompile(`^[0-9]{4}$`)
	serviceShape = regexp.MustCompile(`^[A-ZÆØÅ_]{2,64}$`)
	codeShape    = regexp.MustCompile(`^[A-Za-z][A-Za-z._-]{0,99}$`)
)

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Apply makes the change, in the register's spelling of codes.
func (ch *Change) Apply(k *katalog.Katalog, r *policy.Role) error {
	if ch.Tjenesteomraade != nil && *ch.Tjenesteomraade != r.Tjenesteomraade {
		return ErrAreaFixed
	}
	set(&r.Navn, first(ch.NyttNavn, ch.Navn))
	set(&r.Beskrivelse, first(ch.NyBeskrivelse, ch.Beskrivelse))
	r.Navn, r.Beskrivelse = strings.TrimSpace(r.Navn), strings.TrimSpace(r.Beskrivelse)
	if f := first(ch.Paa, ch.Pa); f != nil {
		r.KanBrukesPaaSokeside = bool(*f)
	}
	set(&r.Tjenester, ch.Tjenester)
	set(&r.Hjemler, ch.Hjemler)
	set(&r.Kommuner, ch.Kommuner)
	set(&r.Formaal, ch.Formaal)
	set(&r.AapneGradert, ch.AapneGradert)
	set(&r.Budsjett, ch.Budsjett)
	set(&r.NoedtilgangTimer, ch.NoedtilgangTimer)
	set(&r.ListerKreverGodkjenning, ch.ListerKreverGodkjenning)
	set(&r.GyldigFra, ch.GyldigFra)
	set(&r.GyldigTil, ch.GyldigTil)
	set(&r.Aktiv, ch.Aktiv)
	if ch.Bruksomraader != nil {
		r.Bruksomraader = nil
		for _, b := range *ch.Bruksomraader {
			r.Bruksomraader = append(r.Bruksomraader, use(b))
		}
	}
	if ch.Opplysninger == nil {
		return nil
	}
	known, unknown := k.Normal(*ch.Opplysninger)
	if len(unknown) > 0 {
		return ErrOutsideArea.About(showable(unknown)...)
	}
	slices.Sort(known)
	r.Opplysninger = slices.Compact(known)
	return nil
}

// use reads a bruksområde in the spellings of every generation of Fiks' API.
func use(b string) katalog.Bruk {
	switch b {
	case "SOK":
		return katalog.Soek
	case "INNBYGGERLISTER":
		return katalog.Innbyggerliste
	}
	return katalog.Bruk(b)
}

// showable are the codes that can be repeated: what has the shape of one.
func showable(codes []string) []string {
	codes = slices.DeleteFunc(slices.Clone(codes), func(s string) bool { return !codeShape.MatchString(s) })
	return codes[:min(len(codes), 20)]
}

// Check finds everything that is wrong with a role.
func Check(k *katalog.Katalog, r policy.Role) error {
	var fields, outside []string
	for field, ok := range map[string]bool{
		"navn": nameShape.MatchString(r.Navn), "beskrivelse": utf8.RuneCountInString(r.Beskrivelse) <= 400 && textShape.MatchString(r.Beskrivelse),
		"kommuner": all(r.Kommuner, kommuneShape), "tjenester": all(r.Tjenester, serviceShape), "formaal": purposeful(r.Formaal),
		"gyldigTil": r.GyldigTil.IsZero() || r.GyldigFra.Before(r.GyldigTil), "bruksomraader": distinct(r.Bruksomraader),
	} {
		if !ok {
			fields = append(fields, field)
		}
	}
	if area, ok := k.Area(r.Tjenesteomraade); ok && !area.Gyldig {
		fields = append(fields, "tjenesteomraade")
	}
	for _, p := range r.Validate(k) {
		if p.Felt == "opplysninger" {
			outside = append(outside, p.Kode)
		} else {
			fields = append(fields, p.Felt)
		}
	}
	slices.Sort(fields)
	switch {
	case len(fields) > 0:
		return ErrRole.About(slices.Compact(fields)...)
	case len(outside) > 0:
		return ErrOutsideArea.About(showable(outside)...)
	}
	return nil
}

func all(texts []string, shape *regexp.Regexp) bool {
	return len(texts) <= 400 && !slices.ContainsFunc(texts, func(s string) bool { return !shape.MatchString(s) })
}

func distinct(of []katalog.Bruk) bool {
	of = slices.Sorted(slices.Values(of))
	return len(slices.Compact(slices.Clone(of))) == len(of)
}

func purposeful(f policy.Formaal) bool {
	switch f.Krav {
	case policy.FormaalIngen, policy.FormaalValgfri, policy.FormaalPaakrevd:
		return len(f.Moenster) <= 200
	}
	return false
}

// Comment reads why; otherwise is what stands where a client of Fiks' says nothing, "" where it must.
func Comment(s, otherwise string) (string, error) {
	if s = strings.TrimSpace(s); s == "" && otherwise != "" {
		return otherwise, nil
	}
	if n := utf8.RuneCountInString(s); n < 3 || n > 1000 || !textShape.MatchString(s) {
		return "", ErrComment
	}
	return s, nil
}

// Service reports whether s has the shape of a service's code.
func Service(s string) bool { return serviceShape.MatchString(s) }
