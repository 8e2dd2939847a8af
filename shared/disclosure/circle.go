package disclosure

import (
	"context"
	"sync"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// circleLife is how long an employee's circle is remembered: a family that changes shows after it.
const circleLife = 10 * time.Minute

// maxCircles bounds the memory; when full it starts afresh.
const maxCircles = 10_000

// circles remembers employees' own circles (krets), in memory only. Gradings are not among what is
// remembered.
type circles struct {
	mu   sync.Mutex
	read map[circleKey]circle
}

// circleKey is an employee in an organisation: what one may ask the register is not remembered for
// another.
type circleKey struct {
	asker person.ID
	orgnr string
}

type circle struct {
	krets *person.Krets
	until time.Time
}

// circle is whom the asking employee is close to: nil for an integration, and where the register does
// not know the employee or one of their parents and children, because then it cannot be established.
// An error means that the register gave no answer; then nobody is answered about.
func (d *Desk) circle(ctx context.Context, g policy.Grant) (*person.Krets, error) {
	if !g.JudgesHabilitet() {
		return nil, nil
	}
	key := circleKey{g.Asker(), g.Orgnr()}
	d.circles.mu.Lock()
	known, ok := d.circles.read[key]
	d.circles.mu.Unlock()
	if ok && d.now().Before(known.until) {
		return known.krets, nil
	}
	k, err := d.fetchCircle(ctx, g)
	if err != nil || k == nil {
		return nil, err
	}
	d.circles.mu.Lock()
	defer d.circles.mu.Unlock()
	if len(d.circles.read) >= maxCircles {
		clear(d.circles.read)
	}
	d.circles.read[key] = circle{k, d.now().Add(circleLife)}
	return k, nil
}

func (d *Desk) fetchCircle(ctx context.Context, g policy.Grant) (*person.Krets, error) {
	own, err := d.register.Person(ctx, g.Own(), g.Asker())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ids := person.Kin(own.Document)
	answers, err := d.register.Persons(ctx, g.Kin(ids), ids, false)
	if err != nil {
		return nil, err
	}
	kin := map[person.ID]*person.Document{}
	for _, a := range answers {
		if a.Person.Document != nil {
			kin[a.ID] = a.Person.Document
		}
	}
	if len(kin) < len(ids) {
		return nil, nil
	}
	return person.NewKrets(own.Document, kin), nil
}
