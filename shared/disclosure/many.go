package disclosure

import (
	"context"
	"runtime"
	"slices"

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
