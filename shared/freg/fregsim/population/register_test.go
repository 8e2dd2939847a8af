package population_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
)

// doc is a register document as a reader sees it. It is written apart from the code under test.
type doc struct {
	Identifikasjonsnummer []struct {
		meta
		Status, FoedselsEllerDNummer, Identifikatortype string
	}
	Status []struct {
		meta
		Status string
	}
	Kjoenn []struct {
		meta
		Kjoenn string
	}
	Foedsel []struct {
		meta
		Foedselsdato, Foedselsaar string
	}
	Sivilstand []struct {
		meta
		Sivilstand, RelatertVedSivilstand string
	}
	Navn []struct {
		meta
		Fornavn, Mellomnavn, Etternavn, ForkortetNavn string
	}
	Adressebeskyttelse []struct {
		meta
		Graderingsnivaa string
	}
	Familierelasjon []struct {
		meta
		RelatertPerson, RelatertPersonsRolle, MinRolleForPerson string
	}
	Foreldreansvar []struct {
		meta
		Ansvar, Ansvarlig, Ansvarssubjekt string
	}
	Statsborgerskap []struct {
		meta
		Statsborgerskap string
	}
	Doedsfall                                   *struct{ Doedsdato string }
	Bostedsadresse, DeltBosted, Oppholdsadresse []addr
	Postadresse, PostadresseIUtlandet           []addr
	VergemaalEllerFremtidsfullmakt              []struct {
		meta
		Verge struct {
			FoedselsEllerDNummer string
			NavnFoedselsdato     *struct{}
			Tjenesteomraade      []struct{ VergeTjenestevirksomhet, VergeTjenesteoppgave string }
		}
	}
	KontaktinformasjonForDoedsbo []struct {
		Person *struct{ FoedselsEllerDNummer string }
	}
	UtenlandskPersonidentifikasjon               []struct{ Identifikasjonsnummer, Utstederland string }
	UtlendingsmyndighetenesIdentifikasjonsnummer []struct{ Identifikasjonsnummer string }
	Innflytting, Utflytting, BrukAvSamiskSpraak  []struct{ meta }
	Legitimasjonsdokument, Opphold, Bibehold     []struct{ meta }
	OppholdPaaSvalbard, RettsligHandleevne       []struct{ meta }
	Identitetsgrunnlag                           []struct {
		meta
		Identitetsgrunnlagstatus string
	}
	FalskIdentitet *struct{ ErFalsk bool }
}

type meta struct {
	ErGjeldende                                                 bool
	Ajourholdstidspunkt, Gyldighetstidspunkt, Opphoerstidspunkt string
}

type addr struct {
	meta
	Adressegradering, OppholdAnnetSted               string
	Vegadresse, Matrikkeladresse, UkjentBosted       json.RawMessage
	UtenlandskAdresse, UtenlandskAdresseIFrittFormat json.RawMessage
	Postboksadresse, PostadresseIFrittFormat         json.RawMessage
	AdressenErUkjent                                 bool
}

func (d *doc) homes() map[string][]addr {
	return map[string][]addr{"bostedsadresse": d.Bostedsadresse, "deltBosted": d.DeltBosted, "oppholdsadresse": d.Oppholdsadresse,
		"postadresse": d.Postadresse, "postadresseIUtlandet": d.PostadresseIUtlandet}
}

func (d *doc) number() string { return d.Identifikasjonsnummer[0].FoedselsEllerDNummer }
func (d *doc) status() string { return d.Status[0].Status }
func (d *doc) grade() string {
	if len(d.Adressebeskyttelse) == 0 {
		return ""
	}
	return d.Adressebeskyttelse[0].Graderingsnivaa
}

func current(as []addr) (n int) {
	for _, a := range as {
		if a.ErGjeldende {
			n++
		}
	}
	return n
}

// make makes a population for a test.
func makePopulation(tb testing.TB, seed uint64, size int) *population.Population {
	tb.Helper()
	p, err := population.New(population.Config{Seed: seed, Size: size})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func raw(tb testing.TB, p *population.Population, digits string) string {
	tb.Helper()
	var b document.Builder
	d, _, ok := p.Document(&b, digits)
	if !ok {
		tb.Fatal("nobody has the number")
	}
	return string(d.Raw)
}

func read(tb testing.TB, p *population.Population, digits string) *doc {
	tb.Helper()
	var d doc
	dec := json.NewDecoder(strings.NewReader(raw(tb, p, digits)))
	if err := dec.Decode(&d); err != nil {
		tb.Fatal(err)
	}
	return &d
}

// readAll gives everybody's document in one register, by number. It is read once: that takes long
// with -race.
func readAll(tb testing.TB) map[string]*doc {
	tb.Helper()
	readOnce.Do(func() {
		p := makePopulation(tb, 11, 2500)
		p.Each(func(f population.Facts) bool {
			readDocs[f.ID.Reveal()] = read(tb, p, f.ID.Reveal())
			return true
		})
	})
	return readDocs
}

var (
	readOnce sync.Once
	readDocs = map[string]*doc{}
)
