package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/redact"
)

// redaction compares judging and redacting a register document, from its bytes, with reading its
// tokens and doing nothing.
func redaction() ([]measurement, error) {
	people, err := population.New(population.Config{Size: 1000})
	if err != nil {
		return nil, err
	}
	id := people.Named()["vanlig"]
	raw, err := wholeDocument(people, id)
	if err != nil {
		return nil, err
	}
	h := barnevern()
	ask := policy.Ask{Action: policy.Oppslag, Subjects: []person.ID{id}, At: time.Now()}
	ask.Parts = []string{"navn", "foedsel", "kjoenn", "status", "bostedsadresse", "postadresse", "sivilstand", "familierelasjon", "foreldreansvar", "statsborgerskap", "historikk"}
	if d := policy.Decide(h, ask); d.Denied() {
		return nil, d.Fault()
	}
	const each = 50
	times := alternate(400, 50,
		func() {
			for range each {
				doc, _ := person.ParseDocument(raw)
				redact.Apply(policy.Decide(h, ask).Grant(), person.Person{Document: doc})
			}
		},
		func() {
			for range each {
				_ = scan(raw)
			}
		},
		func() {
			for range each {
				policy.Decide(h, ask)
			}
		},
	)
	ours, floor, decide := times[0].median()/each, times[1].median()/each, times[2].median()/each
	return []measurement{
		{
			fmt.Sprintf("decide + redact one document of %d bytes", len(raw)), micros(ours), micros(floor) + " (bare token scan)",
			fmt.Sprintf("%.2f ×", float64(ours)/float64(floor)), "≤ 1.5 ×",
		},
		{"of which decide", micros(decide), "", "", ""},
	}, nil
}

// scan reads every token and keeps none.
func scan(raw []byte) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	for {
		if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func wholeDocument(people *population.Population, id person.ID) ([]byte, error) {
	d, _, ok := people.Document(&document.Builder{}, id.Reveal())
	if !ok {
		return nil, errors.New("the population lacks its own person")
	}
	return d.Raw, nil
}

// barnevern holds all that child welfare may hold.
func barnevern() policy.Holder {
	area, _ := katalog.Standard().Area("BARNEVERN")
	r := policy.Role{
		ID: "r", FiksOrgID: "o", Versjon: 1, Tjenesteomraade: "BARNEVERN", Aktiv: true, Bruksomraader: area.Bruksomraader,
		Opplysninger: area.Registre[0].Opplysninger,
	}
	for _, l := range area.Lovhjemler {
		r.Hjemler = append(r.Hjemler, l.ID)
	}
	return policy.Holder{Aktor: "a", FiksOrgID: "o", Profil: policy.Compile(katalog.Standard(), r), Tildelinger: []policy.Tildeling{{}}}
}
