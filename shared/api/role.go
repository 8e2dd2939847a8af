package api

import (
	"slices"

	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
)

// Rolle is a role in a list: what its holder needs to choose it.
type Rolle struct {
	ID                   string         `json:"id"`
	Navn                 string         `json:"navn"`
	Beskrivelse          string         `json:"beskrivelse"`
	Versjon              int            `json:"versjon"`
	FiksOrgID            string         `json:"fiksOrgId"`
	Tjenesteomraade      Omraade        `json:"tjenesteomraade"`
	Bruksomraader        []katalog.Bruk `json:"bruksomraader"`
	KanBrukesPaaSokeside bool           `json:"kanBrukesPaaSokeside"`
	// KanBrukes is false outside the times of the role, the assignment or the area.
	KanBrukes bool `json:"kanBrukes"`
	// Advarsler tell what the role stands on that has ended or soon ends.
	Advarsler []Advarsel `json:"advarsler"`
}

// Omraade names a service area.
type Omraade struct {
	Kode string       `json:"kode"`
	Navn katalog.Text `json:"navn"`
}

// NewRolle describes a held role.
func NewRolle(h policy.Holder, usable bool) Rolle {
	r := h.Profil.Role
	out := Rolle{
		ID: r.ID, Navn: r.Navn, Beskrivelse: r.Beskrivelse, Versjon: r.Versjon, FiksOrgID: r.FiksOrgID,
		Tjenesteomraade: Omraade{Kode: r.Tjenesteomraade}, Bruksomraader: list(r.Bruksomraader),
		KanBrukesPaaSokeside: r.KanBrukesPaaSokeside, KanBrukes: usable, Advarsler: []Advarsel{},
	}
	if h.Profil.Area != nil {
		out.Tjenesteomraade.Navn = h.Profil.Area.Navn
	}
	return out
}

// list gives an empty list in place of none: in JSON a list is never null.
func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

// Innhold is everything a role sees and may do: the self-description.
type Innhold struct {
	Rolle
	// Rettighetspakke is OMH or OUtH: which share of the register is asked.
	Rettighetspakke katalog.Pakke     `json:"rettighetspakke"`
	Hjemler         []katalog.Hjemmel `json:"hjemler"`
	Opplysninger    []Opplysning      `json:"opplysninger"`
	// Bruk are the bruksomraader with names for people.
	Bruk           []katalog.Named    `json:"bruk"`
	Soekeparametre []katalog.Named    `json:"soekeparametre"`
	Historikk      bool               `json:"historikk"`
	AapneGradert   bool               `json:"aapneGradert"`
	Kommuner       []string           `json:"kommuner"`
	Formaal        policy.FormaalKrav `json:"formaal"`
	// KanOverstyre says whether the organisation lets its employees override habilitet with a reason.
	KanOverstyre            bool            `json:"kanOverstyre"`
	Budsjett                policy.Budsjett `json:"budsjett"`
	NoedtilgangTimer        int             `json:"noedtilgangTimer"`
	ListerKreverGodkjenning bool            `json:"listerKreverGodkjenning"`
}

// Opplysning is one element that a role sees.
type Opplysning struct {
	Kode           string       `json:"kode"`
	KodeStor       string       `json:"kodeStor"`
	Overordnet     string       `json:"overordnet,omitempty"`
	Navn           katalog.Text `json:"navn"`
	Beskrivelse    katalog.Text `json:"beskrivelse"`
	Taushetsbelagt bool         `json:"taushetsbelagt"`
}

// NewInnhold describes what a held role sees.
func NewInnhold(h policy.Holder, usable bool) Innhold {
	p := h.Profil
	in := Innhold{
		Rolle: NewRolle(h, usable), Hjemler: list(p.Hjemler()), Opplysninger: []Opplysning{}, Bruk: []katalog.Named{}, Soekeparametre: list(p.Soekeparametre()),
		Historikk: p.Holds("historikk"), AapneGradert: p.Role.AapneGradert, Kommuner: list(p.Role.Kommuner), Formaal: p.Role.Formaal.Krav,
		KanOverstyre: h.KanOverstyre, Budsjett: p.Role.Budsjett, NoedtilgangTimer: p.Role.NoedtilgangTimer, ListerKreverGodkjenning: p.Role.ListerKreverGodkjenning,
	}
	if p.Area != nil {
		in.Rettighetspakke = p.Area.Rettighetspakke
	}
	for _, n := range katalog.Names().Bruksomraader {
		if slices.Contains(p.Role.Bruksomraader, katalog.Bruk(n.Kode)) {
			in.Bruk = append(in.Bruk, n)
		}
	}
	for _, o := range p.Innhold() {
		in.Opplysninger = append(in.Opplysninger, Opplysning{o.Kode, o.KodeStor, o.Overordnet, o.Navn, o.Beskrivelse, o.Taushetsbelagt})
	}
	return in
}
