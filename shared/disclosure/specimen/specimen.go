// Package specimen holds made-up persons (eksempelpersoner) on whom a role can be shown before it is
// published.
//
// Nobody's data leaves here, so nothing is audited. It refuses to ask the register: an example is one of
// the documents in this folder.
package specimen

import (
	"embed"
	"encoding/json"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact"
)

//go:embed *.json
var files embed.FS

// Specimen (eksempelperson) is a made-up person with what is special about them.
type Specimen struct {
	Kode string       `json:"kode"`
	Navn katalog.Text `json:"navn"`

	slekt person.Gradering // of close family
}

// All lists the examples.
func All() []Specimen { return all }

var all = []Specimen{
	{"vanlig", katalog.Text{Nb: "Vanlig forelder", Nn: "Vanleg forelder", En: "Ordinary parent"}, person.Ugradert},
	{"barn", katalog.Text{Nb: "Barn med to foreldre", Nn: "Barn med to foreldre", En: "Child with two parents"}, person.Ugradert},
	{"barnMedDeltBosted", katalog.Text{Nb: "Barn med delt bosted", Nn: "Barn med delt bustad", En: "Child with two homes"}, person.Ugradert},
	{"underVergemaal", katalog.Text{Nb: "Person under vergemål", Nn: "Person under verjemål", En: "Person under guardianship"}, person.Ugradert},
	{"dnummer", katalog.Text{Nb: "Person med d-nummer", Nn: "Person med d-nummer", En: "Person with a D number"}, person.Ugradert},
	{"navneendring", katalog.Text{Nb: "Person som har byttet navn", Nn: "Person som har bytt namn", En: "Person who changed name"}, person.Ugradert},
	{"doed", katalog.Text{Nb: "Død person", Nn: "Død person", En: "Deceased person"}, person.Ugradert},
	{"fortrolig", katalog.Text{Nb: "Person med fortrolig adresse", Nn: "Person med fortruleg adresse", En: "Person with a confidential address"}, person.Fortrolig},
	{"barnMedFortroligForelder", katalog.Text{Nb: "Barn av forelder med fortrolig adresse", Nn: "Barn av forelder med fortruleg adresse", En: "Child of a parent with a confidential address"}, person.Fortrolig},
	{"strengtFortrolig", katalog.Text{Nb: "Person med strengt fortrolig adresse", Nn: "Person med strengt fortruleg adresse", En: "Person with a strictly confidential address"}, person.StrengtFortrolig},
	{"klientadresse", katalog.Text{Nb: "Person med klientadresse", Nn: "Person med klientadresse", En: "Person living at an institution"}, person.Ugradert},
}

// ErrUnknown is told of a code that is no example's.
var ErrUnknown = fault.New(fault.Invalid, "UKJENT_EKSEMPELPERSON", "Det finnes ingen eksempelperson med denne koden.")

// Show gives what the role would answer about the example at a time, as a register document: everything it
// gives, as after a confirmation with a reason where opened. Null where it gives nothing.
func (s Specimen) Show(p *policy.Profile, at time.Time, opened bool) (json.RawMessage, error) {
	raw, err := files.ReadFile(s.Kode + ".json")
	if err != nil {
		return nil, err
	}
	d, err := person.ParseDocument(raw)
	if err != nil {
		return nil, err
	}
	return redact.Apply(p.Preview(at, opened), person.Person{Document: d, Slekt: s.slekt}).JSON, nil
}

// Find gives the example with the code.
func Find(kode string) (Specimen, error) {
	for _, s := range all {
		if s.Kode == kode {
			return s, nil
		}
	}
	return Specimen{}, ErrUnknown
}
