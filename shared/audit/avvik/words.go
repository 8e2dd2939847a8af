package avvik

import (
	"fmt"

	"hjemmel/shared/policy/katalog"
)

// Tekst tells a reason in words, with the counts that it was judged by and nothing of anybody.
func (g Grunn) Tekst() katalog.Text {
	f := g.Fakta
	switch g.Scenario {
	case EgenPerson:
		return say("Den ansatte spurte om seg selv.", "Den tilsette spurde om seg sjølv.", "The employee asked about themselves.")
	case Familie:
		return g.reasoned(say("Den ansatte spurte om noen i nær familie", "Den tilsette spurde om nokon i nær familie", "The employee asked about close family"))
	case Adresse:
		return g.reasoned(say("Den ansatte spurte om noen de bor sammen med", "Den tilsette spurde om nokon dei bur saman med", "The employee asked about somebody they live with"))
	case Kollega:
		return say("Den ansatte spurte om en kollega i samme organisasjon.", "Den tilsette spurde om ein kollega i same organisasjon.",
			"The employee asked about a colleague in the same organisation.")
	case Mange:
		return told(say(
			"Den ansatte spurte om %d personer denne dagen. Selv pleier de å spørre om %d, og andre i rollen om %d.",
			"Den tilsette spurde om %d personar denne dagen. Sjølv pleier dei å spørje om %d, og andre i rolla om %d.",
			"The employee asked about %d persons on this day. They usually ask about %d, and others in the role about %d.",
		), f["antall"], f["ansatt"], f["rolle"])
	case Utenfor:
		return g.offHours()
	case Proeving:
		return told(say(
			"Den ansatte spurte %d ganger på en time uten at noen ble funnet, slik en som prøver seg fram, gjør.",
			"Den tilsette spurde %d gonger på ein time utan at nokon vart funnen, slik ein som prøver seg fram, gjer.",
			"The employee asked %d times within an hour and nobody was found, as somebody who tries their way does.",
		), f["antall"])
	case EtterAvslag:
		return told(say(
			"Den ansatte spurte på nytt om en person de fikk avslag om for %d minutter siden.",
			"Den tilsette spurde på nytt om ein person dei fekk avslag om for %d minutt sidan.",
			"The employee asked again about a person they were refused %d minutes before.",
		), f["minutter"])
	case MangeSer:
		return told(say(
			"%d ansatte har spurt om denne personen den siste uka.", "%d tilsette har spurt om denne personen den siste veka.",
			"%d employees have asked about this person within a week.",
		), f["antall"])
	case UtenSak:
		return say("Det ble søkt etter personer uten at formål eller sak var oppgitt.", "Det vart søkt etter personar utan at formål eller sak var oppgitt.",
			"Persons were searched for and neither purpose nor case was stated.")
	}
	return say(string(g.Scenario), string(g.Scenario), string(g.Scenario)) // a scenario of another version
}

func say(nb, nn, en string) katalog.Text { return katalog.Text{Nb: nb, Nn: nn, En: en} }

func told(o katalog.Text, n ...any) katalog.Text {
	return say(fmt.Sprintf(o.Nb, n...), fmt.Sprintf(o.Nn, n...), fmt.Sprintf(o.En, n...))
}

// reasoned adds whether the employee gave a reason for it, or was refused.
func (g Grunn) reasoned(o katalog.Text) katalog.Text {
	if g.Fakta["overstyrt"] > 0 {
		return say(o.Nb+" og oppga en grunn.", o.Nn+" og gav opp ein grunn.", o.En+" and gave a reason.")
	}
	return say(o.Nb+" og fikk avslag.", o.Nn+" og fekk avslag.", o.En+" and was refused.")
}

func (g Grunn) offHours() katalog.Text {
	o := say("Det ble spurt utenfor arbeidstiden, i timen fra klokka %02d", "Det vart spurt utanfor arbeidstida, i timen frå klokka %02d",
		"It was asked outside working hours, in the hour from %02d")
	if g.Fakta["helg"] > 0 {
		o = say(o.Nb+" i en helg", o.Nn+" i ei helg", o.En+" on a weekend")
	}
	return told(say(o.Nb+".", o.Nn+".", o.En+"."), g.Fakta["time"])
}
