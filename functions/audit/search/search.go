package search

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy"
)

// budget is how many entries are read for one answer, so that it comes in time however large the log is.
const budget = 600

// Innslag is an entry as it is shown: all that it says but the sealed number, with its id and the actor's name.
type Innslag struct {
	ID        string `json:"id"`
	AktorNavn string `json:"aktorNavn,omitempty"`
	audit.Entry
}

// answer is a page of a search, newest first.
type answer struct {
	Treff []Innslag `json:"treff"`
	// Neste is the markoer of the next page; without it there is no more. A page may be empty and have a next.
	Neste     string    `json:"neste,omitempty"`
	Fasetter  *fasetter `json:"fasetter,omitempty"` // on the first page
	FiksOrgID string    `json:"fiksOrgId"`
}

func (d *desk) search(e *office.Errand) (host.Reply, error) {
	var c criteria
	if _, err := api.ReadBody(e.Request, &c); err != nil {
		return host.Reply{}, err
	}
	if err := e.In(office.Innsyn, c.FiksOrgID); err != nil {
		return host.Reply{}, err
	}
	f, err := c.read(d.numbers, e.Org, d.Now())
	if err != nil {
		return host.Reply{}, err
	}
	about(e, f)
	a, next, left, err := d.page(e, f)
	if err != nil {
		return host.Reply{}, err
	}
	if c.Markoer == "" {
		if a.Fasetter, err = d.facets(e.Context(), f, a.Treff, next, left); err != nil {
			return host.Reply{}, err
		}
	}
	return told(d, e, a)
}

// told writes down what was read, and gives it.
func told(d *desk, e *office.Errand, v any) (host.Reply, error) {
	out, err := host.ReplyJSON(http.StatusOK, "", v)
	return d.Told(e, out, err)
}

// own shows employees what is written of their own doings.
func (d *desk) own(e *office.Errand) (host.Reply, error) {
	c, err := readOwn(e.Request)
	if err != nil {
		return host.Reply{}, err
	}
	if err := e.In(office.Employed, c.FiksOrgID); err != nil {
		return host.Reply{}, err
	}
	c.Aktor = e.Aktor
	f, err := c.read(d.numbers, e.Org, d.Now())
	if err != nil {
		return host.Reply{}, err
	}
	about(e, f)
	a, _, _, err := d.page(e, f)
	if err != nil {
		return host.Reply{}, err
	}
	return told(d, e, a)
}

// page reads one page, and gives where it ended and how much of the budget is left.
func (d *desk) page(e *office.Errand, f filter) (a answer, next string, left int, err error) {
	a, left = answer{Treff: []Innslag{}, FiksOrgID: f.query.FiksOrgID}, budget
	next, err = d.log.Newest(e.Context(), f.query, budget, func(entry audit.Entry, _ audit.Record) (bool, error) {
		left--
		if f.matches(entry) {
			a.Treff = append(a.Treff, shown(entry))
		}
		return len(a.Treff) < f.Antall, nil
	})
	if err != nil {
		return a, next, 0, err
	}
	if next != "" {
		a.Neste = markoer(next)
	}
	n := len(a.Treff)
	e.Entry.Treff = &n
	return a, next, left, d.name(e.Context(), a.Treff)
}

// shown is an entry without the sealed number.
func shown(e audit.Entry) Innslag {
	e.ForseglingAv = nil
	return Innslag{ID: e.ID(), Entry: e}
}

// name gives actors the names that the organisation knows them by.
func (d *desk) name(ctx context.Context, all []Innslag) error {
	names := map[string]string{}
	for i, e := range all {
		name, ok := names[e.Aktor]
		if !ok && e.Aktor != "" {
			_, found, _, err := d.Roles.Aktor(ctx, e.FiksOrgID, e.Aktor)
			if err != nil {
				return err
			}
			name, names[e.Aktor] = found, found
		}
		all[i].AktorNavn = name
	}
	return nil
}

// fasetter counts what was found, by what it says. Without Fullstendig there is more than was read.
type fasetter struct {
	Antall      int      `json:"antall"`
	Fullstendig bool     `json:"fullstendig"`
	Handling    []fasett `json:"handling"`
	Utfall      []fasett `json:"utfall"`
	Rolle       []fasett `json:"rolle"`
	Dag         []fasett `json:"dag"`
	Aktor       []fasett `json:"aktor,omitempty"` // of a person: who looked; employees are never ranked
	counts      tallies
}

type fasett struct {
	Verdi  string `json:"verdi"`
	Antall int    `json:"antall"`
}

type tallies map[string]map[string]int

func (t tallies) add(of, value string) {
	if value == "" {
		return
	}
	if t[of] == nil {
		t[of] = map[string]int{}
	}
	t[of][value]++
}

// sorted gives the counts by value, so that none stands first for being large.
func (t tallies) sorted(of string) []fasett {
	all := []fasett{}
	for value, n := range t[of] {
		all = append(all, fasett{value, n})
	}
	slices.SortFunc(all, func(a, b fasett) int { return cmp.Compare(a.Verdi, b.Verdi) })
	return all
}

func (f *fasetter) add(e audit.Entry) {
	f.Antall++
	f.counts.add("handling", e.Handling)
	f.counts.add("utfall", string(e.Utfall))
	f.counts.add("rolle", e.Rolle)
	f.counts.add("aktor", e.Aktor)
	f.counts.add("dag", e.Tid.In(policy.Oslo()).Format("2006-01-02"))
}

// facets counts the page and what comes after it, as far as the budget goes.
func (d *desk) facets(ctx context.Context, f filter, page []Innslag, next string, left int) (*fasetter, error) {
	all := &fasetter{Fullstendig: next == "", counts: tallies{}}
	for _, i := range page {
		all.add(i.Entry)
	}
	if next != "" && left > 0 {
		rest := f.query
		rest.Before = next
		next, err := d.log.Newest(ctx, rest, left, func(e audit.Entry, _ audit.Record) (bool, error) {
			if f.matches(e) {
				all.add(e)
			}
			return true, nil
		})
		if err != nil {
			return nil, err
		}
		all.Fullstendig = next == ""
	}
	all.Handling, all.Utfall, all.Rolle, all.Dag = all.counts.sorted("handling"), all.counts.sorted("utfall"), all.counts.sorted("rolle"), all.counts.sorted("dag")
	if !f.query.Person.IsZero() {
		all.Aktor = all.counts.sorted("aktor")
	}
	return all, nil
}
