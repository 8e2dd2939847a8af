package disclosure

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/freg"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/redact"
)

// Batch is the answer about many persons, with one receipt for all their entries.
type Batch struct {
	Answers []Answer
	Receipt audit.Receipt
}

// Answer is what is told about one person of a batch: bytes that may leave, or why not.
type Answer struct {
	ID   person.ID
	JSON []byte
	Feil *fault.Error
}

// DiscloseMany answers about up to [freg.MaxBulk] persons by one grant, with one entry for each
// answer. With somBestilt the answers come in the order of Ask.Subjects, repeated ones repeated.
func (d *Desk) DiscloseMany(ctx context.Context, r Request, somBestilt bool) (Batch, error) {
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Batch{}, err
	}
	found, err := d.register.Persons(ctx, c.grant, r.Ask.Subjects, somBestilt)
	if err != nil {
		return Batch{}, d.failed(ctx, c, err)
	}
	answers, entries := c.answers(arrange(r.Ask.Subjects, found, somBestilt))
	b := Batch{Answers: answers}
	b.Receipt, err = d.log.Append(ctx, entries...)
	if err != nil {
		return Batch{}, err
	}
	return b, nil
}

// arrange gives an answer for every person asked about: those the register answered, in its order
// or as ordered, and the rest without a document.
func arrange(asked []person.ID, found []freg.Answer, somBestilt bool) []freg.Answer {
	byID := make(map[person.ID]freg.Answer, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	if somBestilt {
		all := make([]freg.Answer, len(asked))
		for i, id := range asked {
			all[i] = byID[id]
			all[i].ID = id
		}
		return all
	}
	all := slices.Clone(found)
	seen := map[person.ID]bool{}
	for _, id := range asked {
		if _, ok := byID[id]; !ok && !seen[id] {
			seen[id] = true
			all = append(all, freg.Answer{ID: id})
		}
	}
	return all
}

// answers redacts a batch, on all cores.
func (c corridor) answers(found []freg.Answer) ([]Answer, []audit.Entry) {
	answers, entries := make([]Answer, len(found)), make([]audit.Entry, len(found))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	const each = 64
	for at := 0; at < len(found); at += each {
		g.Go(func() error {
			for i := at; i < min(at+each, len(found)); i++ {
				answers[i], entries[i] = c.answer(found[i])
			}
			return nil
		})
	}
	_ = g.Wait() // nothing errs
	return answers, entries
}

// answer redacts one person of a batch and accounts for it.
func (c corridor) answer(p freg.Answer) (Answer, audit.Entry) {
	if p.Person.Document == nil {
		e := c.entry()
		e.Person, e.Utfall, e.Feilkode = p.ID, audit.IngenData, notFound.Code
		return Answer{ID: p.ID, Feil: notFound}, e
	}
	p.Person.Krets = c.krets
	record := redact.Apply(c.grant, p.Person)
	if record.Denied() {
		return Answer{ID: p.ID, Feil: policy.Withheld}, c.about(p.ID, record)
	}
	return Answer{ID: p.ID, JSON: record.JSON}, c.about(p.ID, record)
}

// Hits are the numbers that a search found and the role may find so.
type Hits struct {
	IDs     []person.ID
	Receipt audit.Receipt
}

// Search finds numbers by criteria. One entry is written for each person returned and one for the
// search itself, last, which the receipt is for; also when there are no hits.
func (d *Desk) Search(ctx context.Context, r Request, by freg.Criteria) (Hits, error) {
	r.Ask.Parametre, r.Ask.Parts = by.Names(), []string{"identifikasjonsnummer"}
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Hits{}, err
	}
	ids, err := d.findable(ctx, c, by)
	if err != nil {
		return Hits{}, d.failed(ctx, c, err)
	}
	return d.deliverHits(ctx, c, ids)
}

// findable asks the register and drops hits that the grant's conditions exclude: graded persons
// sought by address, and persons resident elsewhere than the role reaches, and those whom an asking
// employee is close to. Where no condition looks at the person, no document is fetched. Where one does, the hits are counted here: a register that
// counts the withheld ones too would tell of them.
func (d *Desk) findable(ctx context.Context, c corridor, by freg.Criteria) ([]person.ID, error) {
	judged, most := c.grant.JudgesHabilitet() || c.grant.ByAddress() || len(c.grant.Kommuner()) > 0, 0
	if judged {
		by, most = uncounted(by)
	}
	ids, err := d.register.Search(ctx, c.grant, by)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id person.ID) bool { return id == c.grant.Asker() })
	if !judged {
		return ids, nil
	}
	var kept []person.ID
	for chunk := range slices.Chunk(ids, freg.MaxBulk) {
		answers, err := d.register.Persons(ctx, c.grant, chunk, true)
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			a.Person.Krets = c.krets
			if a.Person.Document != nil && !redact.Apply(c.grant, a.Person).Denied() {
				kept = append(kept, a.ID)
			}
		}
		if most > 0 && len(kept) >= most {
			return kept[:most], nil
		}
	}
	return kept, nil
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

func (d *Desk) deliverHits(ctx context.Context, c corridor, ids []person.ID) (Hits, error) {
	entries := make([]audit.Entry, len(ids))
	for i, id := range ids {
		entries[i] = c.entry()
		entries[i].Person, entries[i].Utfall = id, audit.Utlevert
		entries[i].Levert = []string{"identifikasjonsnummer.foedselsEllerDNummer"}
	}
	if err := d.ahead(ctx, entries); err != nil {
		return Hits{}, err
	}
	e, n := c.entry(), len(ids)
	e.Treff, e.Utfall = &n, audit.Utlevert
	if n == 0 {
		e.Utfall = audit.IngenData
	}
	receipt, err := d.log.Append(ctx, e)
	if err != nil {
		return Hits{}, err
	}
	return Hits{ids, receipt}, nil
}
