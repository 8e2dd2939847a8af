package avvik

import "fmt"

// Ord are words in bokmål, nynorsk and English.
type Ord struct {
	NB string `json:"nb"`
	NN string `json:"nn"`
	EN string `json:"en"`
}

// Ord tells a reason in words, with the counts that it was judged by and nothing of anybody.
func (g Grunn) Ord() Ord {
	f := g.Fakta
	switch g.Scenario {
	case EgenPerson:
		return Ord{"Den ansatte spurte om seg selv.", "Den tilsette spurde om seg sjølv.", "The employee asked about themselves."}
	case Familie:
		return g.reasoned(Ord{"Den ansatte spurte om noen i nær familie", "Den tilsette spurde om nokon i nær familie", "The employee asked about close family"})
	case Adresse:
		return g.reasoned(Ord{"Den ansatte spurte om noen de bor sammen med", "Den tilsette spurde om nokon dei bur saman med", "The employee asked about somebody they live with"})
	case Kollega:
		return Ord{"Den ansatte spurte om en kollega i samme organisasjon.", "Den tilsette spurde om ein kollega i same organisasjon.",
			"The employee asked about a colleague in the same organisation."}
	case Mange:
		return told(Ord{
			"Den ansatte spurte om %d personer denne dagen. Selv pleier de å spørre om %d, og andre i rollen om %d.",
			"Den tilsette spurde om %d personar denne dagen. Sjølv pleier dei å spørje om %d, og andre i rolla om %d.",
			"The employee asked about %d persons on this day. They usually ask about %d, and others in the role about %d.",
		}, f["antall"], f["ansatt"], f["rolle"])
	case Utenfor:
		return g.offHours()
	case Proeving:
		return told(Ord{
			"Den ansatte spurte %d ganger på en time uten at noen ble funnet, slik en som prøver seg fram, gjør.",
			"Den tilsette spurde %d gonger på ein time utan at nokon vart funnen, slik ein som prøver seg fram, gjer.",
			"The employee asked %d times within an hour and nobody was found, as somebody who tries their way does.",
		}, f["antall"])
	case EtterAvslag:
		return told(Ord{
			"Den ansatte spurte på nytt om en person de fikk avslag om for %d minutter siden.",
			"Den tilsette spurde på nytt om ein person dei fekk avslag om for %d minutt sidan.",
			"The employee asked again about a person they were refused %d minutes before.",
		}, f["minutter"])
	case MangeSer:
		return told(Ord{
			"%d ansatte har spurt om denne personen den siste uka.", "%d tilsette har spurt om denne personen den siste veka.",
			"%d employees have asked about this person within a week.",
		}, f["antall"])
	case UtenSak:
		return Ord{"Det ble søkt etter personer uten at formål eller sak var oppgitt.", "Det vart søkt etter personar utan at formål eller sak var oppgitt.",
			"Persons were searched for and neither purpose nor case was stated."}
	}
	return Ord{string(g.Scenario), string(g.Scenario), string(g.Scenario)} // a scenario of another version
}

func told(o Ord, n ...any) Ord {
	return Ord{fmt.Sprintf(o.NB, n...), fmt.Sprintf(o.NN, n...), fmt.Sprintf(o.EN, n...)}
}

// reasoned adds whether the employee gave a reason for it, or was refused.
func (g Grunn) reasoned(o Ord) Ord {
	if g.Fakta["overstyrt"] > 0 {
		return Ord{o.NB + " og oppga en grunn.", o.NN + " og gav opp ein grunn.", o.EN + " and gave a reason."}
	}
	return Ord{o.NB + " og fikk avslag.", o.NN + " og fekk avslag.", o.EN + " and was refused."}
}

func (g Grunn) offHours() Ord {
	o := Ord{"Det ble spurt utenfor arbeidstiden, i timen fra klokka %02d", "Det vart spurt utanfor arbeidstida, i timen frå klokka %02d",
		"It was asked outside working hours, in the hour from %02d"}
	if g.Fakta["helg"] > 0 {
		o = Ord{o.NB + " i en helg", o.NN + " i ei helg", o.EN + " on a weekend"}
	}
	return told(Ord{o.NB + ".", o.NN + ".", o.EN + "."}, g.Fakta["time"])
}
