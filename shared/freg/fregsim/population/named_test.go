package population_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"hjemmel/shared/freg/fregsim/population"
)

// related gives the numbers of those who have the role towards d.
func related(d *doc, role string) (numbers []string) {
	for _, k := range d.Familierelasjon {
		if k.RelatertPersonsRolle == role {
			numbers = append(numbers, k.RelatertPerson)
		}
	}
	return numbers
}

func home(d *doc) string { return string(d.Bostedsadresse[0].Vegadresse) }

var stories = map[string]func(d *doc, named func(string) *doc) bool{
	"vanlig": func(d *doc, named func(string) *doc) bool {
		return d.status() == "bosatt" && d.Sivilstand[0].Sivilstand == "gift" && len(related(d, "barn")) == 2 && d.grade() == "" &&
			strings.Contains(home(d), "bruksenhetsnummer") && len(d.Navn) > 1 && len(d.Bostedsadresse) > 2 &&
			home(d) == home(named("barn")) && home(d) == home(named("forelder"))
	},
	"forelder": func(d *doc, _ func(string) *doc) bool {
		return len(related(d, "barn")) > 0 && len(d.Foreldreansvar) > 0
	},
	"barn": func(d *doc, named func(string) *doc) bool {
		return slices.Contains(related(d, "mor"), named("vanlig").number()) && slices.Contains(related(d, "far"), named("forelder").number())
	},
	"fortrolig": func(d *doc, _ func(string) *doc) bool {
		return d.grade() == "fortrolig" && d.Bostedsadresse[0].ErGjeldende && len(d.Postadresse) == 1
	},
	"barnMedFortroligForelder": func(d *doc, named func(string) *doc) bool {
		return d.grade() == "" && slices.Contains(related(d, "mor"), named("fortrolig").number()) && home(d) != home(named("fortrolig"))
	},
	"barnUtenGraderingHosFortrolig": func(d *doc, named func(string) *doc) bool {
		return d.grade() == "" && home(d) == home(named("fortrolig"))
	},
	"strengtFortrolig": func(d *doc, _ func(string) *doc) bool {
		return d.grade() == "strengtFortrolig" && current(d.Bostedsadresse) == 0 && current(d.Postadresse) == 1
	},
	"barnMedStrengtFortroligForelder": func(d *doc, _ func(string) *doc) bool { return d.grade() == "strengtFortrolig" },
	"slektningAvStrengtFortrolig": func(d *doc, named func(string) *doc) bool {
		return d.grade() == "" && slices.Contains(related(d, "barn"), named("strengtFortrolig").number())
	},
	"klientadresse": func(d *doc, _ func(string) *doc) bool {
		return d.Bostedsadresse[0].Adressegradering == "klientadresse" && d.Bostedsadresse[1].Adressegradering == "ugradert" && d.grade() == ""
	},
	"doed": func(d *doc, _ func(string) *doc) bool {
		return d.status() == "doed" && d.Doedsfall != nil && len(d.KontaktinformasjonForDoedsbo) == 1 && d.KontaktinformasjonForDoedsbo[0].Person != nil
	},
	"enke": func(d *doc, named func(string) *doc) bool {
		return d.Sivilstand[0].Sivilstand == "enkeEllerEnkemann" && d.Sivilstand[0].RelatertVedSivilstand == named("doed").number()
	},
	"dnummer": func(d *doc, _ func(string) *doc) bool {
		return d.number()[0] >= '4' && len(d.Bostedsadresse) == 0 && len(d.Oppholdsadresse) == 1 && len(d.UtenlandskPersonidentifikasjon) == 1
	},
	"innflyttet": func(d *doc, _ func(string) *doc) bool {
		return len(d.Innflytting) == 1 && len(d.Opphold) == 1 && len(d.UtlendingsmyndighetenesIdentifikasjonsnummer) == 1 && len(d.Identifikasjonsnummer) == 2
	},
	"gammeltDnummer": func(d *doc, named func(string) *doc) bool {
		return d.number() == named("innflyttet").number() && d.Identifikasjonsnummer[1].Status == "opphoert" && d.Identifikasjonsnummer[1].Identifikatortype == "dNummer"
	},
	"skilt": func(d *doc, _ func(string) *doc) bool {
		return d.Sivilstand[0].Sivilstand == "skilt" && len(d.Sivilstand) == 4
	},
	"foreldreMedDeltBosted": func(d *doc, named func(string) *doc) bool {
		return home(d) != home(named("skilt")) && slices.Contains(related(d, "barn"), named("barnMedDeltBosted").number()) && len(related(d, "barn")) == 2
	},
	"barnMedDeltBosted": func(d *doc, named func(string) *doc) bool {
		return home(d) == home(named("skilt")) && current(d.DeltBosted) == 1
	},
	"underVergemaal": func(d *doc, named func(string) *doc) bool {
		v := d.VergemaalEllerFremtidsfullmakt
		return len(v) == 2 && v[0].ErGjeldende && !v[1].ErGjeldende && len(v[0].Verge.Tjenesteomraade) > 0 && v[0].Verge.FoedselsEllerDNummer == named("verge").number()
	},
	"verge": func(d *doc, _ func(string) *doc) bool { return d.status() == "bosatt" },
	"utflyttet": func(d *doc, _ func(string) *doc) bool {
		return d.status() == "utflyttet" && len(d.Utflytting) == 1 && current(d.Bostedsadresse) == 0
	},
	"utenlandskAdresse": func(d *doc, _ func(string) *doc) bool {
		return d.Oppholdsadresse[0].UtenlandskAdresse != nil && d.Oppholdsadresse[0].OppholdAnnetSted == "utenriks" && len(d.PostadresseIUtlandet) == 1
	},
	"utenBosted": func(d *doc, _ func(string) *doc) bool { return d.Bostedsadresse[0].UkjentBosted != nil },
	"matrikkel":  func(d *doc, _ func(string) *doc) bool { return d.Bostedsadresse[0].Matrikkeladresse != nil },
	"postboks":   func(d *doc, _ func(string) *doc) bool { return d.Postadresse[0].Postboksadresse != nil },
	"forsvunnet": func(d *doc, _ func(string) *doc) bool { return d.status() == "forsvunnet" },
	"opphoert":   func(d *doc, _ func(string) *doc) bool { return d.status() == "opphoert" && len(d.Navn) == 0 },
	"samisk":     func(d *doc, _ func(string) *doc) bool { return len(d.BrukAvSamiskSpraak) == 1 },
	"langtNavn": func(d *doc, _ func(string) *doc) bool {
		short := utf8.RuneCountInString(d.Navn[0].ForkortetNavn)
		return short > 0 && short <= 40 && len(d.Navn[0].Fornavn) > 20
	},
	"kortNavn": func(d *doc, _ func(string) *doc) bool { return d.Navn[0].Etternavn == "Å" },
	"nyfoedtUtenNavn": func(d *doc, named func(string) *doc) bool {
		mother := named("samisk").Navn[0].Fornavn
		return d.Navn[0].Fornavn == mother+"*GUTT" || d.Navn[0].Fornavn == mother+"*PIKE"
	},
	"likekjoennetPar": func(d *doc, _ func(string) *doc) bool {
		return d.Kjoenn[0].Kjoenn == "kvinne" && d.Sivilstand[0].Sivilstand == "gift" && len(related(d, "barn")) == 1
	},
	"registrertPartner": func(d *doc, _ func(string) *doc) bool { return d.Sivilstand[0].Sivilstand == "registrertPartner" },
	"navneendring":      func(d *doc, _ func(string) *doc) bool { return len(d.Navn) == 3 && d.Navn[0].Etternavn == "O'FURU" },
	"nummer2032":        func(d *doc, _ func(string) *doc) bool { return d.number() != "" },
	"dublett": func(d *doc, _ func(string) *doc) bool {
		return len(d.Identifikasjonsnummer) == 2 && d.Identifikasjonsnummer[1].Identifikatortype == "foedselsnummer"
	},
}

// TestNamed makes sure that each named person is what the name says, whatever the seed.
func TestNamed(t *testing.T) {
	for seed := range uint64(12) {
		p := makePopulation(t, seed, population.MinSize)
		named := func(as string) *doc { return read(t, p, p.Named()[as].Reveal()) }
		for as, id := range p.Named() {
			story := stories[as]
			if story == nil {
				t.Fatalf("no test tells what %s is", as)
			}
			if !story(read(t, p, id.Reveal()), named) {
				t.Errorf("seed %d: %s is not that:\n%s", seed, as, raw(t, p, id.Reveal()))
			}
		}
		for as := range stories {
			if p.Named()[as].IsZero() {
				t.Errorf("nobody is %s", as)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// TestDUF checks the control digits of every DUF-nummer.
func TestDUF(t *testing.T) {
	n := 0
	for _, d := range readAll(t) {
		for _, duf := range d.UtlendingsmyndighetenesIdentifikasjonsnummer {
			n++
			if !dufHolds(duf.Identifikasjonsnummer) {
				t.Errorf("%s is no DUF-nummer", duf.Identifikasjonsnummer)
			}
		}
	}
	if n == 0 || !dufHolds("201234567802") || dufHolds("201234567803") {
		t.Error("no DUF-nummer, or the check is wrong")
	}
}

func dufHolds(s string) bool {
	if len(s) != 12 {
		return false
	}
	sum := 0
	for i, w := range []int{4, 6, 3, 2, 4, 6, 3, 2, 7, 5} {
		sum += w * int(s[i]-'0')
	}
	return int(s[10]-'0')*10+int(s[11]-'0') == sum%11
}
