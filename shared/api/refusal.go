package api

import (
	"encoding/json"
	"net/http"
	"time"

	"hjemmel/shared/disclosure"
)

// Avslag is why one person of a request was not answered about, for those who may know.
type Avslag struct {
	Tid          time.Time `json:"tid"`
	Handling     string    `json:"handling"`
	Aktor        string    `json:"aktor"`
	PaaVegneAv   string    `json:"paaVegneAv"`
	Rolle        string    `json:"rolle"`
	Rolleversjon int       `json:"rolleversjon"`
	// Subjekt is the organisation's own pseudonym of the person; never the number.
	Subjekt   string   `json:"subjekt"`
	Spurt     []string `json:"spurt"`
	Regler    []Regel  `json:"regler"`
	ErrorCode string   `json:"errorCode"`
}

// Regel is a rule that refused, in words.
type Regel struct {
	ID         string `json:"id"`
	Forklaring string `json:"forklaring"`
}

// forklaringer say what each rule means to an administrator.
var forklaringer = map[string]string{
	"rolle-finnes":        "Rollen finnes ikke, eller tjenesteområdet er borte fra katalogen.",
	"rolle-tildelt":       "Rollen var ikke tildelt den som spurte.",
	"rolle-organisasjon":  "Rollen hører til en annen organisasjon.",
	"rolle-gyldig":        "Rollen var ikke aktiv, eller utenfor gyldighetstiden.",
	"omraade-gyldig":      "Tjenesteområdet er ikke lenger i bruk.",
	"hjemmel":             "Rollen har ingen hjemmel som åpner for utlevering.",
	"soekeside":           "Rollen er bare for fagsystemer.",
	"bruksomraade":        "Rollen er ikke gitt til denne bruken.",
	"oppvekst":            "Rollen mangler opplysninger som oppvekst krever.",
	"part-kjent":          "Det ble spurt om en del som ikke finnes.",
	"part-i-rolle":        "Det ble spurt om opplysninger som rollen ikke gir.",
	"part-noe-igjen":      "Rollen gir ingenting av det det ble spurt om.",
	"treffliste":          "Rollen gir ikke numrene som et søk svarer med.",
	"soekeparameter":      "Det ble søkt med kriterier som rollen ikke dekker.",
	"soek-uten-kriterium": "Søket hadde ingen kriterier.",
	"soek-for-vidt":       "Søket pekte ikke ut noen.",
	"formaal":             "Formål manglet eller hadde feil form.",
	"bekreftelse":         "Rollen kan ikke åpne graderte adresser, eller begrunnelsen passet ikke.",
	"budsjett":            "Grensen for hvor mye det kan spørres om i rollen på en dag, var nådd.",
	"budsjett-formaal":    "Det var spurt om uvanlig mye den dagen, og formål manglet.",
	"noedtilgang":         "Rollen ble brukt med nødtilgang.",
	"overstyring":         "Overstyring var ikke tillatt, eller begrunnelsen passet ikke.",
	"egen-person":         "Den ansatte spurte om seg selv.",
	"habilitet-familie":   "Personen er i nær familie med den ansatte.",
	"habilitet-adresse":   "Personen er registrert bosatt samme sted som den ansatte.",
	"habilitet-ukjent":    "Det kunne ikke slås fast hvem den ansatte er i nær familie med.",
	"geografi":            "Personen er ikke bosatt i en kommune som rollen gjelder for.",
	"gradering-soek":      "Personen, eller noen i nær familie, er gradert og kan ikke finnes ved søk på bosted.",
}

// WriteExplanation sends why a request was refused.
func WriteExplanation(w http.ResponseWriter, x disclosure.Explanation) error {
	body := struct {
		Avslag []Avslag `json:"avslag"`
	}{[]Avslag{}}
	for _, e := range x.Avslag {
		a := Avslag{
			Tid: e.Tid, Handling: e.Handling, Aktor: e.Aktor, PaaVegneAv: e.PaaVegneAv, Rolle: e.Rolle, Rolleversjon: e.Rolleversjon,
			Subjekt: e.Subjekt, Spurt: list(e.Spurt), Regler: []Regel{}, ErrorCode: e.Feilkode,
		}
		for _, r := range e.Regler {
			a.Regler = append(a.Regler, Regel{r, forklaringer[r]})
		}
		body.Avslag = append(body.Avslag, a)
	}
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return write(w, x.Receipt, b)
}
