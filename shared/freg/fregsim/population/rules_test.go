package population_test

import (
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/freg/fregsim/population"
)

// TestRules checks what the register model promises (reference freg.md §3.4 and §4.3) for everybody
// in a register.
func TestRules(t *testing.T) {
	all := readAll(t)
	for number, d := range all {
		for _, problem := range slices.Concat(oneCurrent(d), addressRules(d), gradeRules(d), orderRules(d), kinRules(d, all), civilRules(d, all)) {
			t.Errorf("%s: %s", number, problem)
		}
	}
}

func oneCurrent(d *doc) (problems []string) {
	count := map[string]int{}
	for _, e := range d.Navn {
		count["navn"] += btoi(e.ErGjeldende)
	}
	for _, e := range d.Status {
		count["status"] += btoi(e.ErGjeldende)
	}
	for _, e := range d.Sivilstand {
		count["sivilstand"] += btoi(e.ErGjeldende)
	}
	for _, e := range d.Identifikasjonsnummer {
		count["identifikasjonsnummer"] += btoi(e.ErGjeldende)
	}
	for name, n := range count {
		if n != 1 {
			problems = append(problems, "not one current "+name)
		}
	}
	for name, as := range d.homes() {
		if current(as) > 1 {
			problems = append(problems, "more than one current "+name)
		}
	}
	if d.status() != "opphoert" && (len(d.Navn) == 0 || len(d.Foedsel) != 1 || len(d.Kjoenn) != 1) {
		problems = append(problems, "no name, birth or gender")
	}
	return problems
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func addressRules(d *doc) (problems []string) {
	total := 0
	for _, as := range d.homes() {
		total += len(as)
	}
	dnummer := d.number()[0] >= '4'
	lives := current(d.Bostedsadresse)
	switch {
	case d.status() == "opphoert":
		return nil
	case total == 0:
		problems = append(problems, "no address at all")
	case dnummer && len(d.Bostedsadresse) > 0:
		problems = append(problems, "a d-nummer with bostedsadresse")
	case !dnummer && len(d.Bostedsadresse) == 0:
		problems = append(problems, "a fødselsnummer without bostedsadresse")
	case (d.status() == "doed" || d.status() == "utflyttet" || d.grade() == "strengtFortrolig") && lives != 0:
		problems = append(problems, "lives somewhere, but is dead, gone or hidden")
	case !dnummer && d.grade() != "strengtFortrolig" && !slices.Contains([]string{"doed", "utflyttet"}, d.status()) && lives != 1:
		problems = append(problems, "lives nowhere")
	}
	if (d.Doedsfall != nil) != (d.status() == "doed") {
		problems = append(problems, "status and doedsfall disagree")
	}
	return problems
}

func gradeRules(d *doc) (problems []string) {
	for name, as := range d.homes() {
		for _, a := range as {
			if (d.grade() == "fortrolig") != (a.Adressegradering == "fortrolig") {
				problems = append(problems, "grade fortrolig of person and "+name+" disagree")
			}
			if a.Adressegradering == "strengtFortrolig" {
				problems = append(problems, "an address is strengt fortrolig")
			}
			if d.grade() == "strengtFortrolig" && a.ErGjeldende && (name != "postadresse" || !strings.Contains(string(a.Postboksadresse), "SOT")) {
				problems = append(problems, "a hidden person has a current "+name)
			}
			if d.grade() == "strengtFortrolig" && a.Postboksadresse == nil && a.Gyldighetstidspunkt[:10] >= d.Adressebeskyttelse[0].Gyldighetstidspunkt[:10] {
				problems = append(problems, "the secret home of a hidden person is in the register, as "+name)
			}
			if d.grade() == "strengtFortrolig" && !a.ErGjeldende && a.Opphoerstidspunkt == "" {
				problems = append(problems, "a hidden person's old address does not end")
			}
		}
	}
	return problems
}

// orderRules: current first, later before earlier, nothing after death, nothing in the future.
func orderRules(d *doc) (problems []string) {
	for name, as := range d.homes() {
		for i, a := range as {
			if i > 0 && (a.ErGjeldende || a.Gyldighetstidspunkt[:10] > as[i-1].Gyldighetstidspunkt[:10]) {
				problems = append(problems, name+" is not in order")
			}
			if d.Doedsfall != nil && (a.ErGjeldende || a.Gyldighetstidspunkt[:10] > d.Doedsfall.Doedsdato) {
				problems = append(problems, name+" after death")
			}
			if a.Opphoerstidspunkt != "" && a.Opphoerstidspunkt[:10] < a.Gyldighetstidspunkt[:10] || a.Gyldighetstidspunkt > "2026-11-02" ||
				a.Ajourholdstidspunkt > "2026-11-02" {
				problems = append(problems, name+" has impossible times")
			}
		}
	}
	return problems
}

var mirror = map[string][]string{"barn": {"mor", "far", "medmor"}, "mor": {"barn"}, "far": {"barn"}, "medmor": {"barn"},
	"ektefelleEllerPartner": {"ektefelleEllerPartner"}}

// kinRules: both sides of a relation know of it, with the same roles, days and state.
func kinRules(d *doc, all map[string]*doc) (problems []string) {
	for _, k := range d.Familierelasjon {
		if k.RelatertPerson == "" {
			continue
		}
		other := all[k.RelatertPerson]
		if other == nil {
			return append(problems, "related to nobody")
		}
		if !slices.Contains(mirror[k.RelatertPersonsRolle], k.MinRolleForPerson) {
			problems = append(problems, "roles do not mirror")
		}
		found := false
		for _, o := range other.Familierelasjon {
			found = found || o.RelatertPerson == d.number() && o.RelatertPersonsRolle == k.MinRolleForPerson &&
				o.MinRolleForPerson == k.RelatertPersonsRolle && o.ErGjeldende == k.ErGjeldende &&
				o.Gyldighetstidspunkt[:10] == k.Gyldighetstidspunkt[:10]
		}
		if !found {
			problems = append(problems, "the relative does not know it")
		}
		if k.MinRolleForPerson == "barn" && other.Foedsel[0].Foedselsdato > d.Foedsel[0].Foedselsdato {
			problems = append(problems, "older than a parent")
		}
	}
	return append(problems, custodyRules(d, all)...)
}

func custodyRules(d *doc, all map[string]*doc) (problems []string) {
	for _, c := range d.Foreldreansvar {
		other := c.Ansvarlig
		if other == d.number() {
			other = c.Ansvarssubjekt
		}
		if all[other] == nil || !slices.ContainsFunc(all[other].Foreldreansvar, func(o struct {
			meta
			Ansvar, Ansvarlig, Ansvarssubjekt string
		}) bool {
			return o.Ansvarlig == c.Ansvarlig && o.Ansvarssubjekt == c.Ansvarssubjekt && o.Ansvar == c.Ansvar && o.ErGjeldende == c.ErGjeldende
		}) {
			problems = append(problems, "foreldreansvar is not on both sides")
		}
		if child := all[c.Ansvarssubjekt]; c.ErGjeldende && child.Foedsel[0].Foedselsdato < "2008-11-01" {
			problems = append(problems, "foreldreansvar for a grown-up")
		}
	}
	return problems
}

// civilRules: who is married has a spouse who is married to them, and an open relation.
func civilRules(d *doc, all map[string]*doc) (problems []string) {
	now := d.Sivilstand[0]
	married := slices.Contains([]string{"gift", "registrertPartner", "separert", "separertPartner"}, now.Sivilstand) && d.Doedsfall == nil
	open := 0
	for _, k := range d.Familierelasjon {
		open += btoi(k.RelatertPersonsRolle == "ektefelleEllerPartner" && k.ErGjeldende)
	}
	if married != (open == 1) || open > 1 {
		problems = append(problems, "sivilstand "+now.Sivilstand+" and relations disagree")
	}
	if married {
		if o := all[now.RelatertVedSivilstand]; o == nil || o.Sivilstand[0].RelatertVedSivilstand != d.number() || o.Sivilstand[0].Sivilstand != now.Sivilstand {
			problems = append(problems, "married to someone who is not")
		}
	}
	return problems
}

// TestVariety makes sure that a register of ordinary size has some of everything. A list of words
// stands for an element in which they come in this order.
func TestVariety(t *testing.T) {
	wanted := [][]string{{`"deltBosted"`}, {`"oppholdsadresse"`}, {`"adressegradering":"klientadresse"`}, {`"bostedsadresse"`, `"matrikkeladresse"`},
		{`"ukjentBosted":{}`}, {`"ukjentBosted":{"bostedskommune"`}, {`"adressenErUkjent":true`}, {`"postboksadresse"`}, {`"SOT 6"`}, {`"postadresseIFrittFormat"`},
		{`"postadresse"`, `"vegadresse"`}, {`"utenlandskAdresse"`}, {`"utenlandskAdresseIFrittFormat"`}, {`"relatertPersonUtenFolkeregisteridentifikator"`},
		{`"relatertPersonsRolle":"doedfoedtBarn"`}, {`"husbokstav"`}, {`"bruksenhetsnummer":"H0`}, {`"coAdressenavn"`}, {`"navnFoedselsdato"`}, {`"omfang"`},
		{`"tjenesteomraade"`}, {`"forkortetNavn"`}, {`*PIKE"`}, {`*GUTT"`}, {`"mellomnavn"`}, {`"kontaktinformasjonForDoedsbo"`, `"advokat"`},
		{`"kontaktinformasjonForDoedsbo"`, `"organisasjon"`}, {`"kontaktinformasjonForDoedsbo"`, `"person"`}, {`"innflytting"`, `"utflytting"`}, {`"oppholdTil"`},
		{`"brukAvSamiskSpraak"`}, {`"oppholdPaaSvalbard"`}, {`"rettsligHandleevne"`}, {`"bibehold"`}, {`"legitimasjonsdokument"`}, {`"falskIdentitet":{`},
		{`"utlendingsmyndighetenesIdentifikasjonsnummer"`}, {`"opphoert"`, `"identifikatortype":"dNummer"`}, {`"innflytting"`}, {`"utflytting"`},
		{`"navn"`, `"erGjeldende":false`, `"fornavn"`}, {`"Matrikkelen"`}}
	for field, values := range map[string]string{
		"status":                   "bosatt utflyttet doed forsvunnet opphoert foedselsregistrert midlertidig inaktiv ikkeBosatt",
		"graderingsnivaa":          "fortrolig strengtFortrolig",
		"sivilstand":               "uoppgitt ugift gift separert skilt enkeEllerEnkemann registrertPartner separertPartner skiltPartner gjenlevendePartner",
		"oppholdAnnetSted":         "militaer pendler utenriks",
		"minRolleForPerson":        "mor far medmor barn ektefelleEllerPartner",
		"ansvar":                   "felles mor far",
		"identitetsgrunnlagstatus": "unik kontrollert ikkeKontrollert ingenStatus",
		"vergemaaltype":            "voksen stadfestetFremtidsfullmakt mindreaarig midlertidigForVoksen",
		"oppholdstillatelse":       "midlertidig permanent opplysningMangler",
	} {
		for _, v := range strings.Fields(values) {
			wanted = append(wanted, []string{`"` + field + `":"` + v + `"`})
		}
	}
	p := makePopulation(t, 1, 10_000)
	p.Each(func(f population.Facts) bool {
		text := raw(t, p, f.ID.Reveal())
		wanted = slices.DeleteFunc(wanted, func(words []string) bool { return inOrder(text, words) })
		return len(wanted) > 0
	})
	for _, words := range wanted {
		t.Errorf("nobody in 10 000 has %v", words)
	}
}

func inOrder(text string, words []string) bool {
	for _, w := range words {
		i := strings.Index(text, w)
		if i < 0 {
			return false
		}
		text = text[i+len(w):]
	}
	return true
}
