package population

import (
	"strconv"

	"hjemmel/shared/freg/fregsim/lives"
	"hjemmel/shared/person"
)

// Facts are what is true of one person, in plain words, for oracles that search without an index and
// for demonstrations. Former is the zero ID for most.
type Facts struct {
	ID, Former         person.ID
	Kjoenn             string // kvinne or mann
	Foedselsdato       string // yyyy-mm-dd
	Status             string
	Adressebeskyttelse string // empty, fortrolig or strengtFortrolig
	Doed               bool
	Navn               []Navn
	Adresser           []Adresse
	Kin                []Kin
}

// Navn is a name a person has or had.
type Navn struct {
	Fornavn, Mellomnavn, Etternavn string
	ErGjeldende                    bool
}

// Adresse is a vegadresse or matrikkeladresse, current or not, in the roles that search looks at:
// bostedsadresse and oppholdsadresse. Adressenavn and Husnummer are empty for a matrikkeladresse.
type Adresse struct {
	Rolle                  string
	Adressenavn, Husnummer string // Husnummer with its letter: 10B
	Postnummer, Poststed   string
	Kommunenummer          string
	Adressegradering       string
	ErGjeldende            bool
}

// Kin is a relation to another person in the register.
type Kin struct {
	ID          person.ID
	Rolle       string // relatertPersonsRolle
	MinRolle    string
	ErGjeldende bool
}

// Each calls yield with the facts of every person, in the order of the register, until it gives
// false. It is made for tests: it takes some microseconds a person.
func (p *Population) Each(yield func(Facts) bool) {
	for r := 1; r < len(p.reg.People); r++ {
		if !yield(p.reg.facts(lives.Ref(r))) {
			return
		}
	}
}

func (p register) facts(r lives.Ref) Facts {
	e := &p.People[r]
	f := Facts{ID: e.Number.ID(), Kjoenn: "mann", Foedselsdato: string(lives.AppendDate(nil, e.Born)), Doed: e.Died != 0,
		Status: e.Statuses[len(e.Statuses)-1].Code.String()}
	if e.Former != 0 {
		f.Former = e.Former.ID()
	}
	if e.Woman {
		f.Kjoenn = "kvinne"
	}
	if e.Grade >= lives.Fortrolig {
		f.Adressebeskyttelse = e.Grade.String()
	}
	for i, n := range e.Names {
		first, middle, last := p.spell(e, n)
		f.Navn = append(f.Navn, Navn{first, middle, last, i == len(e.Names)-1})
	}
	for _, a := range e.Addresses {
		if searchable(a) {
			f.Adresser = append(f.Adresser, p.adresse(e, a))
		}
	}
	for _, k := range e.Kin {
		f.Kin = append(f.Kin, Kin{p.People[k.Other].Number.ID(), k.Their.String(), k.Mine.String(), k.To == 0})
	}
	return f
}

func searchable(a lives.Address) bool {
	return (a.Use == lives.Bosted || a.Use == lives.Opphold) && (a.Kind == lives.Veg || a.Kind == lives.Matrikkel)
}

func (p register) adresse(e *lives.Person, a lives.Address) Adresse {
	place := p.Places[a.Place]
	f := Adresse{Rolle: "bostedsadresse", Postnummer: place.Postnummer, Poststed: place.Poststed,
		Kommunenummer: p.Kommuner[place.Kommune].Nummer, ErGjeldende: a.To == 0,
		Adressegradering: page{register: p, e: e}.gradeOf(a)}
	if a.Use == lives.Opphold {
		f.Rolle = "oppholdsadresse"
	}
	if a.Kind == lives.Veg {
		f.Adressenavn, f.Husnummer = p.Streets[a.Street], houseNumber(a)
	}
	return f
}

func houseNumber(a lives.Address) string {
	n := strconv.Itoa(int(a.House))
	if a.Letter != 0 {
		n += string(rune(a.Letter))
	}
	return n
}
