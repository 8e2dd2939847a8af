package disclosure

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strconv"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/person"
	"hjemmel/shared/redact"
)

// number is what a list of numbers asks for and delivers.
const number = "identifikasjonsnummer"

// Hits are the numbers that a search found and the role may find so.
type Hits struct {
	IDs     []person.ID
	Receipt audit.Receipt
}

// Search finds numbers by criteria. One entry is written for each person returned and one for the
// search itself, last, which the receipt is for; also when there are no hits.
func (d *Desk) Search(ctx context.Context, r Request, by freg.Criteria) (Hits, error) {
	r.Ask.Parametre, r.Ask.Parts = by.Names(), []string{number}
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Hits{}, err
	}
	ids, err := d.findable(ctx, c, by)
	if err != nil {
		return Hits{}, d.failed(ctx, c, err)
	}
	entries := make([]audit.Entry, len(ids))
	for i, id := range ids {
		entries[i] = c.entry()
		entries[i].Person, entries[i].Utfall, entries[i].Levert = id, audit.Utlevert, []string{number + ".foedselsEllerDNummer"}
	}
	receipt, err := d.account(ctx, c, entries, len(ids))
	if err != nil {
		return Hits{}, err
	}
	return Hits{ids, receipt}, nil
}

// findable asks the register and drops hits that the grant's conditions exclude. Where no condition
// looks at the person, no document is fetched. Where one does, the hits are counted here: a register
// that counts the withheld ones too would tell of them.
func (d *Desk) findable(ctx context.Context, c corridor, by freg.Criteria) ([]person.ID, error) {
	judged, most := c.grant.JudgesPersons(), 0
	if judged {
		by, most = uncounted(by)
	}
	ids, err := d.found(ctx, c, by)
	if err != nil || !judged {
		return ids, err
	}
	var kept []person.ID
	err = d.visible(ctx, c, ids, func(id person.ID, _ redact.Record) bool {
		kept = append(kept, id)
		return len(kept) != most
	})
	return kept, err
}

// found asks the register once for each of the criteria and gives all numbers, each once, in its
// order, without the asking employee's own. More than the register's limit together is
// [freg.TooMany], as it is of one.
func (d *Desk) found(ctx context.Context, c corridor, all ...freg.Criteria) ([]person.ID, error) {
	var ids []person.ID
	seen := map[person.ID]bool{c.grant.Asker(): true}
	for _, by := range all {
		hits, err := d.register.Search(ctx, c.grant, by)
		if err != nil {
			return nil, err
		}
		for _, id := range hits {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		if len(ids) > freg.MaxHits {
			return nil, freg.TooMany
		}
	}
	return ids, nil
}

// visible shows what the role may see of each hit, in order, until see wants no more. Hits that the
// grant's conditions exclude are passed over like numbers that are nobody's: graded persons sought by
// address, persons resident elsewhere than the role reaches, and those whom an asking employee is
// close to.
func (d *Desk) visible(ctx context.Context, c corridor, ids []person.ID, see func(person.ID, redact.Record) bool) error {
	for chunk := range slices.Chunk(ids, freg.MaxBulk) {
		answers, err := d.register.Persons(ctx, c.grant, chunk, true)
		if err != nil {
			return err
		}
		for _, a := range answers {
			a.Person.Krets = c.krets
			if record := redact.Apply(c.grant, a.Person); !record.Denied() && !see(a.ID, record) {
				return nil
			}
		}
	}
	return nil
}

// uncounted gives the criteria without maksTreff, and how many hits it wants; 0 for all.
func uncounted(by freg.Criteria) (freg.Criteria, int) {
	most, err := strconv.Atoi(by["maksTreff"])
	if err != nil || most < 1 {
		return by, 0 // where it is no number, the register says so
	}
	by = maps.Clone(by)
	delete(by, "maksTreff")
	return by, most
}

// entryChunk is how many persons' entries are written at a time.
const entryChunk = 1000

// ahead writes entries that come before the one that the receipt is for, however many they are.
func (d *Desk) ahead(ctx context.Context, entries []audit.Entry) error {
	for chunk := range slices.Chunk(entries, entryChunk) {
		if _, err := d.log.Append(ctx, chunk...); err != nil {
			return err
		}
	}
	return nil
}

// account writes the entries of a search's hits, and last one for the search itself with how many
// there were, which the receipt is for.
func (d *Desk) account(ctx context.Context, c corridor, hits []audit.Entry, n int) (audit.Receipt, error) {
	if err := d.ahead(ctx, hits); err != nil {
		return audit.Receipt{}, err
	}
	e := c.entry()
	e.Treff, e.Utfall = &n, audit.Utlevert
	if n == 0 {
		e.Utfall = audit.IngenData
	}
	return d.log.Append(ctx, e)
}

// tooManyHits is told where more persons fit than were asked for: nobody is left out in silence.
var tooManyHits = fault.New(fault.Invalid, "FOR_MANGE_TREFF",
	"Flere personer passer enn maksTreff åpner for. Gjør søket smalere med flere kriterier, som hele navnet, fødselsdato eller postnummer, eller be om flere treff, høyst 10 000.").About("maksTreff")

// Find answers about the persons who are sought, as [Desk.DiscloseMany] would about each. Hits that the
// conditions of the grant exclude look like no hits, and more visible ones than the search allows are
// an error. One entry is written for each person returned and one for the search itself, last, which
// the receipt is for; also when there are no hits.
func (d *Desk) Find(ctx context.Context, r Request, s Sought) (Batch, error) {
	r.Ask.Parametre, r.Ask.Runder, r.Ask.Parts = s.names(), len(s.Kommuner), s.parts(r.Ask.Parts)
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Batch{}, err
	}
	b, entries := Batch{}, []audit.Entry(nil)
	err = d.seek(ctx, c, s, func(id person.ID, record redact.Record) bool {
		b.Answers = append(b.Answers, Answer{ID: id, JSON: bytes.Clone(record.JSON)}) // its buffer is as long as the whole document
		entries = append(entries, c.about(id, record))
		return len(b.Answers) <= s.Most
	})
	if err == nil && len(b.Answers) > s.Most {
		err = tooManyHits
	}
	if err != nil {
		return Batch{}, d.failed(ctx, c, err)
	}
	if b.Receipt, err = d.account(ctx, c, entries, len(entries)); err != nil {
		return Batch{}, err
	}
	return b, nil
}

// Count is about how many persons a search would show: from Fra to Til, both included.
type Count struct {
	Fra, Til int
	Receipt  audit.Receipt
}

// countStep is how coarse a count is. A count writes no entry for a person, so it must not tell of a
// single one: not that there is one, and not by the difference of two counts.
const countStep = 5

// Count tells about how many persons [Desk.Find] would answer about, by the same rules, and shows none of
// them. The entry of the search says how many there were.
func (d *Desk) Count(ctx context.Context, r Request, s Sought) (Count, error) {
	r.Ask.Parametre, r.Ask.Runder, r.Ask.Parts = s.names(), len(s.Kommuner), s.parts([]string{number})
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Count{}, err
	}
	n := 0
	if c.grant.JudgesPersons() || s.Bruksenhet != "" {
		err = d.seek(ctx, c, s, func(person.ID, redact.Record) bool { n++; return true })
	} else {
		var ids []person.ID
		ids, err = d.found(ctx, c, s.searches()...)
		n = len(ids)
	}
	if err != nil {
		return Count{}, d.failed(ctx, c, err)
	}
	receipt, err := d.account(ctx, c, nil, n)
	if err != nil {
		return Count{}, err
	}
	from := n - n%countStep
	return Count{from, from + countStep - 1, receipt}, nil
}

// seek asks the register and shows what the role may see of each person who is sought.
func (d *Desk) seek(ctx context.Context, c corridor, s Sought, see func(person.ID, redact.Record) bool) error {
	ids, err := d.found(ctx, c, s.searches()...)
	if err != nil {
		return err
	}
	return d.visible(ctx, c, ids, func(id person.ID, record redact.Record) bool {
		return !s.dwells(record) || see(id, record)
	})
}
