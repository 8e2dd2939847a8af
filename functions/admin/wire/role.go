// Package wire is how roles look to clients: Fiks' shapes and spellings, what a client may want a role
// to be, what differs between two versions, and the access export.
//
// It refuses what no area opens, texts that are formulas or markup, and to decide who may ask.
package wire

import (
	"slices"
	"strconv"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

// Role is a role as Fiks' role API shows it, and, last, what ours adds.
type Role struct {
	ID                   string         `json:"id"`
	Navn                 string         `json:"navn"`
	Beskrivelse          string         `json:"beskrivelse"`
	Tjenesteomraade      string         `json:"tjenesteomraade"`
	KanBrukesPaaSokeside bool           `json:"kanBrukesPaaSokeside"`
	Bruksomraader        []katalog.Bruk `json:"bruksomraader"`
	Opplysninger         []string       `json:"opplysninger"`
	Registre             []string       `json:"registre"`
	Tjenester            []string       `json:"tjenester"`
	Aktiv                bool           `json:"aktiv"`
	RessursID            string         `json:"ressursId"`
	FiksOrgID            string         `json:"fiksOrgId"`
	Opprettet            time.Time      `json:"opprettet,omitzero"`
	Endret               time.Time      `json:"endret,omitzero"`

	Versjon                 int             `json:"versjon"`
	Hjemler                 []string        `json:"hjemler"`
	Kommuner                []string        `json:"kommuner"`
	Formaal                 policy.Formaal  `json:"formaal"`
	AapneGradert            bool            `json:"aapneGradert"`
	Budsjett                policy.Budsjett `json:"budsjett"`
	NoedtilgangTimer        int             `json:"noedtilgangTimer"`
	ListerKreverGodkjenning bool            `json:"listerKreverGodkjenning"`
	GyldigFra               time.Time       `json:"gyldigFra,omitzero"`
	GyldigTil               time.Time       `json:"gyldigTil,omitzero"`
	FornyesInnen            time.Time       `json:"fornyesInnen,omitzero"`
	Kommentar               string          `json:"kommentar,omitempty"`
	EndretAv                string          `json:"endretAv,omitempty"`
	Slettet                 bool            `json:"slettet,omitempty"`
	Advarsler               []api.Advarsel  `json:"advarsler"`
}

// NewRole shows a version of a role, with what there is to warn of at a time.
func NewRole(k *katalog.Katalog, v roles.Version, at time.Time) Role {
	out := Role{
		ID: v.ID, Navn: v.Navn, Beskrivelse: v.Beskrivelse, Tjenesteomraade: v.Tjenesteomraade, KanBrukesPaaSokeside: v.KanBrukesPaaSokeside,
		Bruksomraader: List(v.Bruksomraader), Opplysninger: List(v.Opplysninger), Registre: []string{}, Tjenester: List(v.Tjenester),
		Aktiv: v.Aktiv, RessursID: v.ID, FiksOrgID: v.FiksOrgID, Opprettet: v.Opprettet, Endret: v.Endret,
		Versjon: v.Versjon, Hjemler: List(v.Hjemler), Kommuner: List(v.Kommuner), Formaal: v.Formaal, AapneGradert: v.AapneGradert,
		Budsjett: v.Budsjett, NoedtilgangTimer: v.NoedtilgangTimer, ListerKreverGodkjenning: v.ListerKreverGodkjenning,
		GyldigFra: v.GyldigFra, GyldigTil: v.GyldigTil, Kommentar: v.Kommentar, EndretAv: v.EndretAv, Slettet: v.Slettet,
		Advarsler: api.NewAdvarsler(policy.Compile(k, v.Role), at),
	}
	if f, ok := v.Pending(at); ok {
		out.FornyesInnen = f.Dato
	}
	for _, kode := range v.Opplysninger {
		if o, ok := k.Element(kode); ok && !slices.Contains(out.Registre, o.Register) {
			out.Registre = append(out.Registre, o.Register)
		}
	}
	return out
}

// List gives an empty list in place of none: in JSON a list is never null.
func List[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

// ETag is a role's: its version.
func ETag(v roles.Version) string { return strconv.Quote(strconv.Itoa(v.Versjon)) }

// Counted is a role with how many hold it.
type Counted struct {
	Role
	AntallPersoner        int `json:"antallPersoner"`
	AntallIntegrasjoner   int `json:"antallIntegrasjoner"`
	AntallEksterneGrupper int `json:"antallEksterneGrupper"`
	AntallEksterneBrukere int `json:"antallEksterneBrukere"`
}
