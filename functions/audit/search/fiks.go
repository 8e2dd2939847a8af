package search

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
)

// What Fiks' search has: one service, and bounds of a page.
const (
	tjeneste    = "folkeregister"
	fiksPage    = 10
	maxFiksPage = 1000
	maxFra      = 100_000
)

// fiksBudget is how many entries are read to count the hits. A search that would need more is refused: Fiks'
// answer has no way to say that its count is not whole.
const fiksBudget = 20_000

var (
	errTooMuch   = fault.New(fault.Invalid, "LOGG_FOR_STOR_PERIODE", "Loggen har for mange innslag i perioden. Velg en kortere periode.")
	errParameter = fault.New(fault.Invalid, "UGYLDIG_PARAMETER", "Parametere har verdier som ikke kan stemme, eller er oppgitt flere ganger.")
	errUnknown   = fault.New(fault.Invalid, "UKJENT_PARAMETER", "Spørringen har parametere som ikke finnes.")
)

// fiksQuery is a query in Fiks' spelling.
type fiksQuery struct {
	term, org, orgnr, sortering           string
	fra, antall                           int
	fraDato, tilDato                      time.Time
	tjenester, underRessurser, requestIDs []string
}

var fiksParameters = []string{"term", "fra", "antall", "sortering", "fraDato", "tilDato", "fiksOrganisasjon", "organisasjonsNummer"}

var fiksLists = []string{"tjenester", "underRessurser", "requestIder"}

func readFiks(r *http.Request, now time.Time) (f fiksQuery, err error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return f, errParameter
	}
	var wrong []string
	for name, values := range q {
		switch {
		case slices.Contains(fiksLists, name) && len(values) <= maxValues:
		case !slices.Contains(fiksParameters, name) && !slices.Contains(fiksLists, name):
			return f, errUnknown // the name may be a value that somebody pasted: it is not repeated
		case len(values) != 1:
			wrong = append(wrong, name)
		}
	}
	number := func(name string, otherwise, least, most int) int {
		n, err := strconv.Atoi(q.Get(name))
		if !q.Has(name) {
			return otherwise
		}
		if err != nil || n < least || n > most {
			wrong = append(wrong, name)
		}
		return n
	}
	moment := func(name string, otherwise time.Time) time.Time {
		ms, err := strconv.ParseInt(q.Get(name), 10, 64)
		if !q.Has(name) {
			return otherwise
		}
		if err != nil || ms < 0 || ms > 1<<43 {
			wrong = append(wrong, name)
		}
		return time.UnixMilli(ms).UTC()
	}
	f = fiksQuery{
		term: q.Get("term"), org: q.Get("fiksOrganisasjon"), orgnr: q.Get("organisasjonsNummer"), sortering: q.Get("sortering"),
		fra: number("fra", 0, 0, maxFra), antall: number("antall", fiksPage, 0, maxFiksPage),
		fraDato: moment("fraDato", time.Time{}), tilDato: moment("tilDato", now.Add(time.Second)),
		tjenester: q["tjenester"], underRessurser: q["underRessurser"], requestIDs: q["requestIder"],
	}
	if f.org == "" {
		wrong = append(wrong, "fiksOrganisasjon")
	}
	if audit.Written(f.term) != f.term { // a number in an address
		wrong = append(wrong, "term")
	}
	if !slices.Contains([]string{"", "DATO_ASC", "DATO_DESC", "RELEVANS"}, f.sortering) {
		wrong = append(wrong, "sortering")
	}
	if slices.Sort(wrong); len(wrong) > 0 {
		return f, errParameter.About(wrong...)
	}
	return f, nil
}

// fiksHit is an entry in Fiks' form; times in milliseconds since 1970.
type fiksHit struct {
	Tidspunkt    int64  `json:"tidspunkt"`
	Principal    string `json:"principal,omitempty"`
	OnBehalfOf   string `json:"onBehalfOf,omitempty"`
	UnderRessurs string `json:"underRessurs,omitempty"` // the role
	FiksOrg      string `json:"fiksOrg"`
	OrgNo        string `json:"orgNo,omitempty"`
	Tjeneste     string `json:"tjeneste"`
	Handling     string `json:"handling"`
	Payload      string `json:"payload"` // the entry, as loggsoek shows it, as JSON
	RequestID    string `json:"requestId,omitempty"`
}

// fiksCount is one value of an aggregation.
type fiksCount struct {
	ID           string `json:"id,omitempty"`
	Visningsnavn string `json:"visningsnavn"`
	Antall       int64  `json:"antall"`
	Valgt        bool   `json:"valgt"`
}

// fiksAnswer is Sokeresultat.
type fiksAnswer struct {
	AntallTreff     int64     `json:"antallTreff"`
	Treff           []fiksHit `json:"treff"`
	ForespurtFra    int       `json:"forespurtFra"`
	ForespurtAntall int       `json:"forespurtAntall"`
	Aggregeringer   struct {
		FiksOrg      []fiksCount `json:"fiksOrg"`
		Tjeneste     []fiksCount `json:"tjeneste"`
		UnderRessurs []fiksCount `json:"underRessurs"`
	} `json:"aggregeringer"`
}

// fiks searches as Fiks' audit-sok does. RELEVANS is newest first: entries are not texts.
func (d *desk) fiks(e *office.Errand) (host.Reply, error) {
	q, err := readFiks(e.Request, d.Now())
	if err != nil {
		return host.Reply{}, err
	}
	if err := e.In(office.Innsyn, q.org); err != nil {
		return host.Reply{}, err
	}
	org, _, err := d.Roles.Organisation(e.Context(), e.Org)
	if err != nil {
		return host.Reply{}, err
	}
	var found []audit.Entry
	if (q.orgnr == "" || q.orgnr == org.Orgnr) && (len(q.tjenester) == 0 || slices.Contains(q.tjenester, tjeneste)) {
		next, err := d.log.Newest(e.Context(), find.Query{FiksOrgID: org.FiksOrgID, Fra: q.fraDato, Til: q.tilDato}, fiksBudget, func(entry audit.Entry, _ audit.Record) (bool, error) {
			if q.matches(entry) {
				found = append(found, entry)
			}
			return true, nil
		})
		if err != nil {
			return host.Reply{}, err
		}
		if next != "" {
			return host.Reply{}, errTooMuch
		}
	}
	if q.sortering == "DATO_ASC" {
		slices.Reverse(found)
	}
	n := len(found)
	e.Entry.Treff, e.Entry.Parametre = &n, q.used()
	return d.fiksReply(e, q, found, org.Orgnr, org.Navn)
}

// used names the parameters that restrict, for the log.
func (q fiksQuery) used() []string {
	var names []string
	for name, used := range map[string]bool{
		"term": q.term != "", "organisasjonsNummer": q.orgnr != "", "fraDato": !q.fraDato.IsZero(), "tjenester": len(q.tjenester) > 0,
		"underRessurser": len(q.underRessurser) > 0, "requestIder": len(q.requestIDs) > 0,
	} {
		if used {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (q fiksQuery) matches(e audit.Entry) bool {
	within := func(v string, all []string) bool { return len(all) == 0 || slices.Contains(all, v) }
	text := strings.ToLower(strings.Join([]string{e.Aktor, e.PaaVegneAv, e.Handling, e.RequestID, string(e.Utfall), e.Formaal, e.Tjenesteomraade}, " "))
	return within(e.Rolle, q.underRessurser) && within(e.RequestID, q.requestIDs) && strings.Contains(text, strings.ToLower(q.term))
}

func (d *desk) fiksReply(e *office.Errand, q fiksQuery, found []audit.Entry, orgnr, navn string) (host.Reply, error) {
	a := fiksAnswer{AntallTreff: int64(len(found)), Treff: []fiksHit{}, ForespurtFra: q.fra, ForespurtAntall: q.antall}
	counts := tallies{}
	for _, entry := range found {
		counts.add("rolle", entry.Rolle)
	}
	a.Aggregeringer.FiksOrg = []fiksCount{{e.Org, navn, a.AntallTreff, true}}
	a.Aggregeringer.Tjeneste = []fiksCount{{"", tjeneste, a.AntallTreff, len(q.tjenester) > 0}}
	a.Aggregeringer.UnderRessurs = []fiksCount{}
	for _, c := range counts.sorted("rolle") {
		v, _, err := d.Roles.Current(e.Context(), c.Verdi)
		if err != nil {
			return host.Reply{}, err
		}
		a.Aggregeringer.UnderRessurs = append(a.Aggregeringer.UnderRessurs, fiksCount{c.Verdi, v.Navn, int64(c.Antall), slices.Contains(q.underRessurser, c.Verdi)})
	}
	from := min(q.fra, len(found))
	for _, entry := range found[from:min(from+q.antall, len(found))] {
		payload, err := json.Marshal(shown(entry))
		if err != nil {
			return host.Reply{}, err
		}
		a.Treff = append(a.Treff, fiksHit{
			entry.Tid.UnixMilli(), entry.Aktor, entry.PaaVegneAv, entry.Rolle, entry.FiksOrgID, orgnr, tjeneste, entry.Handling, string(payload), entry.RequestID,
		})
	}
	return told(d, e, a)
}
