package policy

import (
	"regexp"
	"slices"
	"time"

	"hjemmel/shared/policy/katalog"
)

// Role is a rolle: one organisation's decision on what a kind of employee or integration may see
// in one tjenesteområde. Every change of it is a new Version.
type Role struct {
	ID              string         `json:"id"`
	FiksOrgID       string         `json:"fiksOrgId"`
	Versjon         int            `json:"versjon"`
	Navn            string         `json:"navn"`
	Beskrivelse     string         `json:"beskrivelse"`
	Tjenesteomraade string         `json:"tjenesteomraade"`
	Hjemler         []string       `json:"hjemler"`
	Bruksomraader   []katalog.Bruk `json:"bruksomraader"`
	Opplysninger    []string       `json:"opplysninger"`
	// KanBrukesPaaSokeside says that the role is meant for people and not only for machines.
	KanBrukesPaaSokeside bool `json:"kanBrukesPaaSokeside"`
	// Kommuner limits the role to persons resident there; empty means the whole country.
	Kommuner []string `json:"kommuner,omitempty"`
	Formaal  Formaal  `json:"formaal"`
	// AapneGradert lets holders open fortrolig and klientadresse after a confirmation with a reason.
	AapneGradert bool `json:"aapneGradert"`
	// Budsjett limits what each holder asks in a day.
	Budsjett Budsjett `json:"budsjett,omitzero"`
	// NoedtilgangTimer is for how many hours a holder may widen the role, with a reason; 0 is not at all.
	NoedtilgangTimer int `json:"noedtilgangTimer,omitempty"`
	// ListerKreverGodkjenning makes a list that is ordered in the role wait until somebody else approves it.
	ListerKreverGodkjenning bool      `json:"listerKreverGodkjenning,omitempty"`
	GyldigFra               time.Time `json:"gyldigFra"`
	GyldigTil               time.Time `json:"gyldigTil"`
	Aktiv                   bool      `json:"aktiv"`
	// Tjenester are codes of the services that a role was made for; none means the registers.
	Tjenester []string `json:"tjenester,omitempty"`
}

// Formaal is what a role wants to know about the purpose (formål) of an ask.
type Formaal struct {
	Krav FormaalKrav `json:"krav"`
	// Moenster is a regular expression (RE2) that the whole purpose must match, such as a case
	// number; empty means any text.
	Moenster string `json:"moenster,omitempty"`
}

// FormaalKrav says whether a purpose must be stated.
type FormaalKrav string

// The requirements. The zero value asks for nothing.
const (
	FormaalIngen    FormaalKrav = ""
	FormaalValgfri  FormaalKrav = "VALGFRITT"
	FormaalPaakrevd FormaalKrav = "PAAKREVD"
)

// MaxFormaal bounds purpose and confirmation texts, in bytes.
const MaxFormaal = 255

func (f Formaal) accepts(formaal string) bool {
	if len(formaal) > MaxFormaal {
		return false
	}
	if formaal == "" {
		return f.Krav != FormaalPaakrevd
	}
	if f.Moenster == "" {
		return true
	}
	re, err := regexp.Compile(`^(?:` + f.Moenster + `)$`)
	return err == nil && re.MatchString(formaal)
}

// Validate says everything that is wrong with the role as opposed to its area: codes that are
// unknown or outside the area, uses and hjemler that the area lacks. The names are codes, so they
// can be shown.
func (r *Role) Validate(k *katalog.Katalog) []Problem {
	area, ok := k.Area(r.Tjenesteomraade)
	if !ok {
		return []Problem{{"tjenesteomraade", r.Tjenesteomraade}}
	}
	var p []Problem
	known, unknown := k.Normal(r.Opplysninger)
	for _, kode := range unknown {
		p = append(p, Problem{"opplysninger", kode})
	}
	for _, kode := range known {
		if o, _ := k.Element(kode); !o.Gyldig || !k.AreaPermits(area, o) {
			p = append(p, Problem{"opplysninger", kode})
		}
	}
	for _, b := range r.Bruksomraader {
		if !slices.Contains(area.Bruksomraader, b) {
			p = append(p, Problem{"bruksomraader", string(b)})
		}
	}
	for _, h := range r.Hjemler {
		if !slices.ContainsFunc(area.Lovhjemler, func(l katalog.Hjemmel) bool { return l.ID == h }) {
			p = append(p, Problem{"hjemler", h})
		}
	}
	if r.AapneGradert && !area.KanAapneGradert() {
		p = append(p, Problem{"aapneGradert", area.Kode})
	}
	if !r.Budsjett.Oppslag.valid() || !r.Budsjett.Soek.valid() {
		p = append(p, Problem{"budsjett", "ugyldig"})
	}
	if r.NoedtilgangTimer < 0 || r.NoedtilgangTimer > MaxNoedtilgang {
		p = append(p, Problem{"noedtilgangTimer", "ugyldig"})
	}
	if _, err := regexp.Compile(r.Formaal.Moenster); err != nil {
		p = append(p, Problem{"formaal.moenster", "ugyldig"})
	}
	return p
}

// Problem is one thing wrong with a role: which field, and which code in it.
type Problem struct{ Felt, Kode string }

// Tildeling is an assignment: the holder has the role from Fra to Til. Zero times are open ends.
type Tildeling struct {
	RolleID string    `json:"rolleId"`
	AktorID string    `json:"aktorId"`
	Fra     time.Time `json:"fra"`
	Til     time.Time `json:"til"`
}

// inForce reports whether at lies in [from, to); zero ends are open.
func inForce(from, to, at time.Time) bool {
	return (from.IsZero() || !at.Before(from)) && (to.IsZero() || at.Before(to))
}
