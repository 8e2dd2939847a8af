package search

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
)

// criteria (utvalg) is what is asked for, as a client has it. Empty members do not restrict.
type criteria struct {
	FiksOrgID string `json:"fiksOrgId"`
	// Personidentifikator is whom the entries are about, Aktor who acted: the id of an employee or an integration.
	Personidentifikator string   `json:"personidentifikator"`
	Aktor               string   `json:"aktor"`
	Roller              []string `json:"roller"`
	Handlinger          []string `json:"handlinger"`
	Utfall              []string `json:"utfall"`
	// Formaal is a part of the purpose or case number that was stated.
	Formaal   string    `json:"formaal"`
	RequestID string    `json:"requestId"`
	Avdekket  bool      `json:"avdekket"` // a graded address left
	Fra       time.Time `json:"fra"`
	Til       time.Time `json:"til"`
	Antall    int       `json:"antall"`
	Markoer   string    `json:"markoer"`
}

// How many entries an answer has, and what values a criterion may list.
const (
	defaultPage = 50
	maxPage     = 200
	maxValues   = 50
)

var outcomes = []audit.Utfall{audit.Utlevert, audit.IngenData, audit.Avslag, audit.Gitt, audit.Feilet, audit.Utfoert}

// filter is criteria that were read.
type filter struct {
	criteria
	query find.Query
}

// read checks the criteria and fills in what was left out.
func (c criteria) read(n api.Numbers, fiksOrgID string, now time.Time) (f filter, err error) {
	f = filter{c, find.Query{FiksOrgID: fiksOrgID, Aktor: c.Aktor, Handlinger: c.Handlinger, Fra: c.Fra, Til: c.Til}}
	if c.Personidentifikator != "" {
		if f.query.Person, err = n.Parse(c.Personidentifikator); err != nil {
			return f, err
		}
	}
	if f.Antall == 0 {
		f.Antall = defaultPage
	}
	if f.Til.IsZero() {
		f.query.Til = now.Add(time.Second) // this second too
	}
	before, err := base64.RawURLEncoding.DecodeString(c.Markoer)
	if f.query.Before = string(before); err != nil {
		return f, find.ErrMark
	}
	if wrong := f.wrong(); len(wrong) > 0 {
		return f, office.ErrField.About(wrong...)
	}
	return f, nil
}

// wrong names the members that cannot be.
func (f filter) wrong() (wrong []string) {
	lists := slices.Concat(f.Roller, f.Handlinger, f.Utfall, []string{f.Aktor, f.RequestID})
	for name, ok := range map[string]bool{
		"antall":  f.Antall >= 1 && f.Antall <= maxPage,
		"til":     f.query.Til.After(f.Fra),
		"formaal": len(f.Formaal) <= policy.MaxFormaal,
		"utfall":  !slices.ContainsFunc(f.Utfall, func(u string) bool { return !slices.Contains(outcomes, audit.Utfall(u)) }),
		"roller":  len(lists) <= maxValues && !slices.ContainsFunc(lists, func(v string) bool { return len(v) > 64 }),
	} {
		if !ok {
			wrong = append(wrong, name)
		}
	}
	slices.Sort(wrong)
	return wrong
}

// matches reports whether an entry of the query is one of those asked for.
func (f filter) matches(e audit.Entry) bool {
	within := func(v string, all []string) bool { return len(all) == 0 || slices.Contains(all, v) }
	return within(e.Rolle, f.Roller) && within(string(e.Utfall), f.Utfall) &&
		(f.RequestID == "" || e.RequestID == f.RequestID) && (!f.Avdekket || e.Avdekket) &&
		(f.Formaal == "" || strings.Contains(strings.ToLower(e.Formaal), strings.ToLower(f.Formaal)))
}

// used names the criteria that restrict, for the log; never their values.
func (f filter) used() []string {
	var names []string
	for name, used := range map[string]bool{
		"personidentifikator": !f.query.Person.IsZero(), "aktor": f.Aktor != "", "roller": len(f.Roller) > 0, "handlinger": len(f.Handlinger) > 0,
		"utfall": len(f.Utfall) > 0, "formaal": f.Formaal != "", "requestId": f.RequestID != "", "avdekket": f.Avdekket,
		"fra": !f.Fra.IsZero(), "til": !f.Til.IsZero(),
	} {
		if used {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// markoer is a place in the log as clients have it.
func markoer(next string) string { return base64.RawURLEncoding.EncodeToString([]byte(next)) }

// readOwn reads the query of an employee's own entries.
func readOwn(r *http.Request) (c criteria, err error) {
	q, err := api.ReadQuery(r, "fiksOrgId", "fra", "til", "antall", "markoer")
	if err != nil {
		return c, err
	}
	c = criteria{FiksOrgID: q.Get("fiksOrgId"), Markoer: q.Get("markoer")}
	var wrong []string
	for name, to := range map[string]*time.Time{"fra": &c.Fra, "til": &c.Til} {
		if *to, err = readTime(q, name); err != nil {
			wrong = append(wrong, name)
		}
	}
	if q.Has("antall") {
		if c.Antall, err = strconv.Atoi(q.Get("antall")); err != nil || c.Antall == 0 {
			wrong = append(wrong, "antall")
		}
	}
	if slices.Sort(wrong); len(wrong) > 0 {
		return c, office.ErrField.About(wrong...)
	}
	return c, nil
}

func readTime(q url.Values, name string) (time.Time, error) {
	if !q.Has(name) {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, q.Get(name))
}

// about says in the log what a reading was about.
func about(e *office.Errand, f filter) {
	e.Entry.Formaal = audit.Written(e.Header.Get("Hjemmel-Formaal"))
	e.Entry.Parametre, e.Entry.Person, e.Entry.Gjelder = f.used(), f.query.Person, audit.Written(f.Aktor)
}
