package disclosure

import (
	"context"
	"slices"

	"hjemmel/shared/freg"
	"hjemmel/shared/person"
)

// Family is the answer about children and those who have parental responsibility for them.
type Family struct {
	// Barn has an answer for each number asked about, in the order asked, each once.
	Barn Batch
	// Ansvarlige are those whom the children told of name, by the number that stands there.
	Ansvarlige []Answer
}

// Oppvekst answers about up to [freg.MaxBulk] children, and about those who have parental responsibility
// for them. The latter are read out of the documents of children who may be told of, and fetched by a
// grant that is made of the first by those documents alone. Each has an entry; the receipt is for the
// children's.
func (d *Desk) Oppvekst(ctx context.Context, r Request) (Family, error) {
	r.Ask.Subjects = once(r.Ask.Subjects)
	c, err := d.judge(ctx, &r)
	if err != nil {
		return Family{}, err
	}
	found, err := d.fetch(ctx, c)
	if err != nil {
		return Family{}, d.failed(ctx, c, err)
	}
	barn, entries := c.answers(found)
	parents := c.ansvarlige(told(found, barn))
	persons, err := d.fetch(ctx, parents)
	if err != nil {
		return Family{}, d.failed(ctx, c, err)
	}
	protect(persons, found)
	f := Family{Barn: Batch{Answers: barn}}
	answers, more := parents.answers(persons)
	if err := d.ahead(ctx, more); err != nil {
		return Family{}, err
	}
	f.Ansvarlige = answers
	f.Barn.Receipt, err = d.log.Append(ctx, entries...)
	if err != nil {
		return Family{}, err
	}
	return f, nil
}

// ansvarlige is the question about those with parental responsibility for the children. A reason for
// opening graded addresses was given for the children, not for them.
func (c corridor) ansvarlige(barn []*person.Document) corridor {
	c.grant = c.grant.Ansvarlige(barn)
	c.req.Ask.Action, c.req.Ask.Subjects, c.req.Ask.Bekreftelse = c.grant.Action(), c.grant.Subjects(), ""
	return c
}

// told are the documents of those who are answered about.
func told(found []freg.Answer, answers []Answer) []*person.Document {
	var documents []*person.Document
	for i, a := range answers {
		if a.JSON != nil {
			documents = append(documents, found[i].Person.Document)
		}
	}
	return documents
}

// fetch asks the register about everybody whom the grant is about, under former numbers too, and gives an
// answer for each in that order.
func (d *Desk) fetch(ctx context.Context, c corridor) ([]freg.Answer, error) {
	ids := c.grant.Subjects()
	var found []freg.Answer
	for chunk := range slices.Chunk(ids, freg.MaxBulk) {
		some, err := d.register.Persons(ctx, c.grant, chunk, false)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return arrange(ids, found, true), nil
}

// protect lets what protects a child protect those with parental responsibility too: one of them may be
// hiding with the other, and nothing else in the register need join the two.
func protect(persons, barn []freg.Answer) {
	grades := map[person.ID]person.Gradering{}
	for _, b := range barn {
		if b.Person.Document == nil {
			continue
		}
		grade := max(b.Person.Slekt, b.Person.Document.Gradering())
		for _, id := range b.Person.Document.Ansvarlige() {
			grades[id] = max(grades[id], grade)
		}
	}
	for i := range persons {
		persons[i].Person.Slekt = max(persons[i].Person.Slekt, grades[persons[i].ID])
	}
}

// once gives each number one time.
func once(ids []person.ID) []person.ID {
	seen := map[person.ID]bool{}
	return slices.DeleteFunc(slices.Clone(ids), func(id person.ID) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}
