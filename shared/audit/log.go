package audit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// Log appends entries to the store. It is safe for concurrent use. Concurrent appends share a
// commit.
type Log struct {
	store store.Store
	keys  Keys
	now   func() time.Time
	queue chan *pending
	orgs  sync.Map // fiksOrgId → OrganisationKey

	writer sync.WaitGroup

	mu     sync.RWMutex // held to send on queue, so that it is not closed meanwhile
	closed bool
}

// pending is one Append that waits for its commit.
type pending struct {
	ctx     context.Context
	entries []Entry
	ops     []store.Op // to be committed with the entries; nil for most
	receipt Receipt
	err     error
	ready   chan struct{}
}

// maxBatch bounds the entries of one commit, well below the store's own bound.
const maxBatch = 1500

// maxOps bounds the writes that go with entries: what has writes is committed alone, so the store's own bound less the
// entries and their indexes leaves room for the 900 members of a group that may move at once.
const maxOps = store.MaxOps - 100

// errNotWritten is what callers see when the log cannot be written: then nothing is answered.
var errNotWritten = fault.New(fault.Unavailable, "LOGG_UTILGJENGELIG",
	"Oppslaget kunne ikke loggføres, og da utleveres ingenting. Prøv igjen om litt.")

// NewLog starts a log on a store. Close it to stop its writer.
func NewLog(s store.Store, keys Keys, now func() time.Time) *Log {
	l := &Log{store: s, keys: keys, now: now, queue: make(chan *pending, 256)}
	l.writer.Go(l.write)
	return l
}

// Close lets waiting appends finish and stops the writer. An Append that comes later fails.
func (l *Log) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.mu.Unlock()
	l.writer.Wait()
}

// Append makes the entries durable, all or none, and gives a receipt for them in order. At most
// 1500 entries. Any error means that nothing may be answered: it is a fault of kind Unavailable.
func (l *Log) Append(ctx context.Context, entries ...Entry) (Receipt, error) {
	return l.append(ctx, nil, entries)
}

// AppendWith makes the entries durable together with the writes that they tell of: one commit, all or
// none. The writes are those of the log's own store, at most 100. store.ErrConflict means that a
// precondition failed and nothing was written, neither change nor entry; after any other error the
// change may have happened, but then with its entry.
func (l *Log) AppendWith(ctx context.Context, ops []store.Op, entries ...Entry) (Receipt, error) {
	if len(ops) > maxOps {
		return Receipt{}, fault.From(fault.Internal, "LOGG_FEIL", errNotWritten.Detail, fmt.Errorf("%d writes", len(ops)))
	}
	return l.append(ctx, ops, entries)
}

func (l *Log) append(ctx context.Context, ops []store.Op, entries []Entry) (Receipt, error) {
	if len(entries) == 0 || len(entries) > maxBatch {
		return Receipt{}, fault.From(fault.Internal, "LOGG_FEIL", errNotWritten.Detail, fmt.Errorf("%d entries", len(entries)))
	}
	p := &pending{ctx: ctx, entries: entries, ops: ops, ready: make(chan struct{})}
	if err := l.enqueue(p); err != nil {
		return Receipt{}, notWritten(err)
	}
	<-p.ready // the writer always answers: it bounds its own commits
	return p.receipt, p.err
}

var errClosed = errors.New("audit: the log is closed")

func (l *Log) enqueue(p *pending) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return errClosed
	}
	select {
	case l.queue <- p:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

func notWritten(cause error) error {
	return fault.From(fault.Unavailable, errNotWritten.Code, errNotWritten.Detail, cause)
}

// write is the one writer: it commits what waits, in order, together where the store's bounds allow.
// What has writes of its own is committed alone, so that its preconditions are nobody else's.
func (l *Log) write() {
	w := newSequence()
	for first := range l.queue {
		batch := l.gather(first)
		var plain []*pending
		for _, p := range batch {
			if p.ops == nil {
				plain = append(plain, p)
			} else {
				p.fail(l.put(&w, []*pending{p}))
			}
		}
		if len(plain) > 0 {
			l.together(&w, plain)
		}
		for _, p := range batch {
			close(p.ready)
		}
	}
}

// together writes a batch in one commit, or one by one where it is too large together.
func (l *Log) together(w *sequence, batch []*pending) {
	err := l.put(w, batch)
	apart := fault.Is(err, fault.Invalid) && len(batch) > 1
	for i, p := range batch {
		if apart {
			err = l.put(w, batch[i:i+1])
		}
		p.fail(err)
	}
}

// fail takes the receipt away where there was an error.
func (p *pending) fail(err error) {
	switch {
	case err == nil:
	case p.ops != nil && errors.Is(err, store.ErrConflict):
		p.receipt, p.err = Receipt{}, store.ErrConflict
	default:
		p.receipt, p.err = Receipt{}, notWritten(err)
	}
}

const commitTimeout = 10 * time.Second

// put numbers the entries of a batch and writes them. After an error, whose outcome may be
// unknown, the sequence is a new one, so that its numbers are never used again.
func (l *Log) put(w *sequence, batch []*pending) error {
	ops, err := l.prepare(w, batch)
	if err == nil {
		for _, p := range batch {
			ops = append(ops, p.ops...)
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), commitTimeout)
		defer cancel()
		err = l.store.Commit(ctx, ops...)
	}
	if err != nil {
		*w = newSequence()
	}
	return err
}

// gather takes what else is waiting, up to a batch.
func (l *Log) gather(first *pending) []*pending {
	batch, n := []*pending{first}, len(first.entries)
	for n < maxBatch/3 {
		select {
		case p, ok := <-l.queue:
			if !ok {
				return batch
			}
			batch, n = append(batch, p), n+len(p.entries)
		default:
			return batch
		}
	}
	return batch
}

// prepare numbers and seals the entries of a batch and makes its commit and receipts.
func (l *Log) prepare(w *sequence, batch []*pending) ([]store.Op, error) {
	var entries []Entry
	for _, p := range batch {
		for _, e := range p.entries {
			e.Skriver, e.Nr, e.Tid = w.id, w.next, l.now().UTC().Truncate(time.Microsecond)
			w.next++
			entries = append(entries, e)
		}
	}
	records, err := l.sealAll(entries)
	if err != nil {
		return nil, err
	}
	var out stack
	refused, read, where := refusals{}, newPeriods(), newPlaces()
	for i, r := range records {
		out.add(entries[i], r)
		refused.add(entries[i], out.key)
		read.add(entries[i], out.key)
		where.add(entries[i], out.key)
	}
	for _, p := range batch {
		n := len(p.entries)
		p.receipt = newReceipt(w.id, entries[0].Nr, records[:n])
		entries, records = entries[n:], records[n:]
	}
	return slices.Concat(out.ops(), refused.ops(), read.ops(), where.ops()), nil
}

// sealAll seals entries on all cores: a bulk lookup has a thousand.
func (l *Log) sealAll(entries []Entry) ([]Record, error) {
	records := make([]Record, len(entries))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	const each = 64
	for at := 0; at < len(entries); at += each {
		g.Go(func() (err error) {
			for i := at; i < min(at+each, len(entries)) && err == nil; i++ {
				records[i], err = l.seal(&entries[i])
			}
			return err
		})
	}
	return records, g.Wait()
}

// seal replaces the person by pseudonym and sealed number and makes the record.
func (l *Log) seal(e *Entry) (Record, error) {
	if !e.Person.IsZero() {
		k, err := l.organisation(e.FiksOrgID)
		if err != nil {
			return Record{}, err
		}
		e.Subjekt = k.Pseudonym(e.Person)
		if e.ForseglingAv, err = k.seal(e.Person, entryID(e.Skriver, e.Nr)); err != nil {
			return Record{}, err
		}
	}
	body, err := e.canonical()
	if err != nil {
		return Record{}, err
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	return Record{Innslag: body, Salt: salt, Forplikt: commit(salt, body)}, nil
}

// organisation keeps derived keys, because deriving one costs more than using it.
func (l *Log) organisation(fiksOrgID string) (OrganisationKey, error) {
	if k, ok := l.orgs.Load(fiksOrgID); ok {
		return k.(OrganisationKey), nil
	}
	k, err := l.keys.Organisation(fiksOrgID)
	if err == nil {
		l.orgs.Store(fiksOrgID, k)
	}
	return k, err
}

// Key is where the store holds the stack (bunke) of records that starts with entry nr:
// logg/{skriver}/{nr}, in order of nr within a writer. What is written together lies together, so
// that a busy second or a bulk lookup of a thousand costs one record of the store and not a thousand.
func Key(skriver string, nr uint64) string { return fmt.Sprintf("logg/%s/%012d", skriver, nr) }

func entryID(skriver string, nr uint64) string { return fmt.Sprintf("%s-%d", skriver, nr) }

// sequence numbers the entries of one writer from 1.
type sequence struct {
	id   string
	next uint64
}

func newSequence() sequence {
	b := make([]byte, 10)
	_, _ = rand.Read(b)
	return sequence{hex.EncodeToString(b), 1}
}
