package smartbox

import (
	"fmt"
	"strings"

	"hjemmel/functions/lookup/personsoek"
	"hjemmel/shared/policy/katalog"
)

func lesning(d personsoek.Definisjon) Lesning { return Lesning{words(d), d} }

// words are criteria as people say them; "" where there are none.
func words(d personsoek.Definisjon) string {
	if d.Personidentifikator != "" {
		return "Fødselsnummer eller d-nummer: " + d.Personidentifikator + "."
	}
	var said []string
	say := func(what, value string) {
		if value != "" {
			said = append(said, what+": "+value+".")
		}
	}
	say("Navn", d.Navn)
	say("Født", birth(d))
	say("Adresse", strings.TrimSpace(d.Adressenavn+" "+d.Husnummer))
	say("Bruksenhet", d.Bruksenhetsnummer)
	say("Postnummer", d.Postnummer)
	var places []string
	for _, k := range append(d.Kommunenumre, d.Kommunenummer) {
		if k != "" {
			places = append(places, katalog.Kommuner()[k]+" ("+k+")")
		}
	}
	say("Kommune", strings.Join(places, " eller "))
	return strings.Join(said, " ")
}

func birth(d personsoek.Definisjon) string {
	from, to := d.Foedt.FraAar, d.Foedt.TilAar
	switch {
	case d.Foedselsdato != nil:
		n := *d.Foedselsdato
		return fmt.Sprintf("%d.%d.%d", n%100, n/100%100, n/10000)
	case from == nil || to == nil:
		return ""
	case *from == *to:
		return fmt.Sprint(*from)
	}
	return fmt.Sprintf("%d–%d", *from, *to)
}
