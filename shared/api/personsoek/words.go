package personsoek

import (
	"fmt"
	"strings"

	"hjemmel/shared/policy/katalog"
)

// Words are criteria as people say them, one each: «Navn: Nordmann»; none where there are none.
func (d Definisjon) Words() []string {
	if d.Personidentifikator != "" {
		return []string{"Fødselsnummer eller d-nummer: " + d.Personidentifikator}
	}
	var said []string
	say := func(what, value string) {
		if value != "" {
			said = append(said, what+": "+value)
		}
	}
	say("Navn", d.Navn)
	say("Født", d.birth())
	say("Kjønn", map[string]string{"MANN": "Mann", "KVINNE": "Kvinne"}[d.Kjoenn])
	say("Adresse", strings.TrimSpace(d.Adressenavn+" "+d.Husnummer))
	say("Bruksenhet", d.Bruksenhetsnummer)
	say("Postnummer", d.Postnummer)
	say("Kommune", strings.Join(places(append(d.kommuner(), d.Kommunenummer)), " eller "))
	say("Fylke", d.Fylkesnummer)
	return append(said, d.reach()...)
}

// reach says what the search looks through beside what it would.
func (d Definisjon) reach() (said []string) {
	for _, r := range []struct {
		on   bool
		what string
	}{
		{d.InkluderOppholdsadresse, "Også etter oppholdsadresse"}, {d.SoekFonetisk, "Også navn som lyder likt"},
		{d.InkluderDoede, "Også døde"}, {d.InkluderHistoriskeNavnOgAdresser, "Også tidligere navn og adresser"},
	} {
		if r.on {
			said = append(said, r.what)
		}
	}
	return said
}

func places(kommunenumre []string) (names []string) {
	for _, k := range kommunenumre {
		if k != "" {
			names = append(names, katalog.Kommuner()[k]+" ("+k+")")
		}
	}
	return names
}

func (d Definisjon) birth() string {
	from, to := d.Foedt.FraAar, d.Foedt.TilAar
	switch {
	case d.Foedselsdato != nil:
		n := *d.Foedselsdato
		return fmt.Sprintf("%d.%d.%d", n%100, n/100%100, n/10000)
	case from != nil && to != nil && *from == *to:
		return fmt.Sprint(*from)
	case from == nil && to == nil:
		return ""
	}
	return digits(from, 4) + "–" + digits(to, 4)
}
