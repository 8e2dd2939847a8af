// Package hendelser spells what happens to lists as Fiks does, for those who listen (server-sent events).
//
// It refuses to say anything of a list but how far it has come: an event names nobody.
package hendelser

import (
	"encoding/json"
	"fmt"
	"time"

	"hjemmel/shared/lists"
)

// event is what happened to a list, as Fiks has it.
type event struct {
	Type             string     `json:"type"`
	HendelseID       int64      `json:"hendelseId"`
	FiksOrg          string     `json:"fiksOrg"`
	RolleID          string     `json:"rolleId"`
	InnbyggerlisteID string     `json:"innbyggerlisteId"`
	Opprettet        *time.Time `json:"opprettet,omitempty"`
	InnbyggereHentet *int       `json:"innbyggereHentet,omitempty"`
	Oppdatert        *time.Time `json:"oppdatert,omitempty"`
	DokumentlagerID  string     `json:"dokumentlagerId,omitempty"`
	Ferdig           *time.Time `json:"ferdig,omitempty"`
	Beskrivelse      string     `json:"beskrivelse,omitempty"`
	// Trukket is ours: the list was withdrawn, which is told as a failure since Fiks has no other word.
	Trukket bool `json:"trukket,omitempty"`
}

func newEvent(h lists.Hendelse) event {
	e := event{HendelseID: h.Nr, FiksOrg: h.FiksOrgID, RolleID: h.RolleID, InnbyggerlisteID: h.ListeID}
	switch h.Slag {
	case lists.Startet:
		e.Type, e.Opprettet = "HendelseInnbyggerlisteStartet", &h.Tid
	case lists.Fremgang:
		e.Type, e.InnbyggereHentet, e.Oppdatert = "HendelseInnbyggerlisteProgress", &h.Rader, &h.Tid
	case lists.Fullfoert:
		e.Type, e.InnbyggereHentet, e.DokumentlagerID, e.Ferdig = "HendelseInnbyggerlisteFerdig", &h.Rader, h.ListeID, &h.Tid
	case lists.Mislyktes:
		e.Type, e.Beskrivelse = "HendelseInnbyggerlisteFeilet", h.Feil
	case lists.Trukket:
		e.Type, e.Beskrivelse, e.Trukket = "HendelseInnbyggerlisteFeilet", lists.Withdrawn, true
	}
	return e
}

// Text is an event as it stands in the stream, with the id that a listener comes back with.
func Text(h lists.Hendelse) (string, error) {
	b, err := json.Marshal(newEvent(h))
	return fmt.Sprintf("id: %d\ndata: %s\n\n", h.Nr, b), err
}
