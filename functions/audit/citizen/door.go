// Package citizen is where people see which organisations have had information about them from the register: by
// logging in themselves, or through a portal of the platform's that speaks the Estonian Data Tracker's protocol.
//
// It refuses to tell anybody of anybody else, an employee through a vendor's system of themselves too, and never says which
// employee it was: only a pseudonym that is the same within one citizen's entries of one organisation. What a rule of the
// organisation holds back looks as what never was, and where the rule cannot be read nothing is told. What is told is
// written first, in the log of each organisation that it is about.
package citizen

import (
	"errors"
	"net/http"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/audit/innsyn"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/host/trigger"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
)

// Innsyn is the entry of somebody who saw what is written of themselves.
const Innsyn = "innbyggerinnsyn"

// door has the parts that telling takes.
type door struct {
	*office.Office
	log     *find.Log
	keys    audit.Keys
	rules   *innsyn.Book
	numbers api.Numbers
}

// Routes are the operations.
func Routes(e *host.Env) ([]host.Route, error) {
	d := &door{numbers: e.Numbers()}
	var errs [4]error
	d.Office, errs[0] = office.New(e)
	d.log, errs[1] = e.Finder()
	d.keys, errs[2] = audit.NewKeys(e.Config.AuditSecret)
	s, err := e.State()
	d.rules, errs[3] = innsyn.New(s), err
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	tracker, err := trigger.ByPlatform(e,
		host.Route{Pattern: "GET /v2/findUsage", Handle: d.usage},
		host.Route{Pattern: "GET /v2/usagePeriod", Handle: d.period},
		host.Route{Pattern: "GET /v2/heartbeat", Handle: d.heartbeat},
	)
	return append(tracker,
		host.Route{Pattern: "GET /hjemmel/v1/meg/innsyn", Handle: d.own},
		host.Route{Pattern: "GET " + rulePath, Handle: d.By(office.Either(office.Innsyn, office.Administrator), "innsynsregel-lest", d.getRule)},
		host.Route{Pattern: "PUT " + rulePath, Handle: d.By(office.Personvern, "innsynsregel-endret", d.putRule)},
	), err
}

var errSelf = fault.New(fault.Denied, "INNSYN_BARE_SELV",
	"Her ser du hva som er hentet om deg selv. Logg inn selv; fagsystemer og ansatte i dem slipper ikke til.")

// note is told with every answer, so that nobody can tell whether something is held back from them.
const note = "Oversikten viser hva kommuner og fylkeskommuner har hentet om deg gjennom Hjemmel. Noe vises senere eller ikke her, etter regler som " +
	"organisasjonen har begrunnet. Spør organisasjonens personvernombud om du vil vite mer. En ansatt har samme kjennetegn hver gang i samme organisasjon."

// answer is what somebody is told of themselves, newest first.
type answer struct {
	Antall  int    `json:"antall"` // in all
	Bruk    []use  `json:"bruk"`
	Neste   string `json:"neste,omitempty"`
	Merknad string `json:"merknad"`
}

// own tells whoever has logged in what is written of themselves. Nobody can be named: the number is the token's.
func (d *door) own(w http.ResponseWriter, r *http.Request) error {
	requestID := w.Header().Get(host.RequestIDHeader)
	who, err := d.Caller.Caller(r.Context(), r)
	if err == nil && who.Kind() != identity.KindEmployee { // a person at our own door, employed or not
		err = errSelf
	}
	if err != nil {
		return d.refused(w, r, requestID, err)
	}
	p, err := readPage(r, d.Now())
	if err != nil {
		return d.refused(w, r, requestID, err)
	}
	all, err := d.uses(r.Context(), who.Person(), p.fra, p.til)
	if err != nil {
		return d.refused(w, r, requestID, err)
	}
	out := answer{Antall: len(all), Merknad: note}
	out.Bruk, out.Neste = p.of(all)
	return d.told(w, r, requestID, who.Person(), all, out)
}

// refused writes that nothing was told.
func (d *door) refused(w http.ResponseWriter, r *http.Request, requestID string, cause error) error {
	f := fault.Of(cause)
	e := audit.Entry{FiksOrgID: audit.Platform, Handling: Innsyn, Utfall: audit.Avslag, Feilkode: f.Code, RequestID: requestID}
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal {
		e.Utfall = audit.Feilet
	}
	receipt, err := d.Changes.Note(r.Context(), e)
	if err != nil {
		return errors.Join(err, cause)
	}
	w.Header().Set(api.ReceiptHeader, receipt.String())
	return cause
}

// told writes down that somebody saw their entries, in each organisation that they are of, and answers.
func (d *door) told(w http.ResponseWriter, r *http.Request, requestID string, id person.ID, all []use, v any) error {
	counts := map[string]int{}
	for _, u := range all {
		counts[u.org]++
	}
	if len(all) == 0 {
		counts[audit.Platform] = 0
	}
	var entries []audit.Entry
	for org, n := range counts {
		entries = append(entries, audit.Entry{FiksOrgID: org, Handling: Innsyn, Person: id, Treff: &n, Utfall: audit.Utlevert, RequestID: requestID})
	}
	receipt, err := d.Log.Append(r.Context(), entries...)
	if err != nil {
		return err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", v)
	if err != nil {
		return err
	}
	out.Receipt = receipt
	w.Header().Set("Cache-Control", "no-store")
	return out.Write(w)
}

// kept is how long back anything is told: what organisations keep where they have not decided otherwise.
const kept = 5

// since is the earliest time that is told of.
func since(now time.Time) time.Time { return now.AddDate(-kept, 0, 0).Truncate(time.Second) }
