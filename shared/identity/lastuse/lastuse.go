// Package lastuse remembers when integrations were last used, to within an hour.
//
// It refuses to make a caller wait: what is noted is kept in memory and written later, for each
// integration at most once an hour. What a process that dies had not written is lost, so a record
// says "at least then".
package lastuse

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"hjemmel/shared/store"
)

// Notes are what one process knows of it. They are safe for concurrent use, and nil Notes note nothing.
type Notes struct {
	store store.Store

	mu      sync.Mutex
	waiting map[string]time.Time
	written map[string]time.Time
}

const (
	writeEvery = time.Hour
	maxNoted   = 10_000 // in either map; what does not fit is not noted, or is written once more
	maxBatch   = 500
)

// use is the record at integrasjonsbruk/{id}.
type use struct {
	SistBrukt time.Time `json:"sistBrukt"`
}

func key(id string) string { return "integrasjonsbruk/" + id }

// New writes to s.
func New(s store.Store) *Notes {
	return &Notes{store: s, waiting: map[string]time.Time{}, written: map[string]time.Time{}}
}

// Note remembers that the integration was used.
func (n *Notes) Note(id string, at time.Time) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if at.Before(n.written[id].Add(writeEvery)) {
		return
	}
	if _, ok := n.waiting[id]; ok || len(n.waiting) < maxNoted {
		n.waiting[id] = at
	}
}

// Flush writes what waits. What could not be written waits for the next Flush.
func (n *Notes) Flush(ctx context.Context) error {
	for {
		batch := n.take()
		if len(batch) == 0 {
			return nil
		}
		ops := make([]store.Op, 0, len(batch))
		for id, at := range batch {
			value, err := json.Marshal(use{at.UTC()})
			if err != nil {
				return err
			}
			ops = append(ops, store.Put(key(id), value))
		}
		err := n.store.Commit(ctx, ops...)
		n.settle(batch, err == nil)
		if err != nil {
			return err
		}
	}
}

func (n *Notes) take() map[string]time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	batch := map[string]time.Time{}
	for id, at := range n.waiting {
		if len(batch) == maxBatch {
			break
		}
		batch[id] = at
		delete(n.waiting, id)
	}
	return batch
}

func (n *Notes) settle(batch map[string]time.Time, written bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.written) > maxNoted-len(batch) {
		clear(n.written)
	}
	for id, at := range batch {
		if written {
			n.written[id] = at
		} else if _, newer := n.waiting[id]; !newer {
			n.waiting[id] = at
		}
	}
}

// Run flushes at every tick until ctx ends, and once more then.
func (n *Notes) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			_ = n.Flush(ctx) // what failed waits for the next
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			_ = n.Flush(last)
			return
		}
	}
}

// Last gives when integrations were last used, by id, after a Flush of what this process knows. One
// that never was is absent.
func (n *Notes) Last(ctx context.Context, ids []string) (map[string]time.Time, error) {
	if err := n.Flush(ctx); err != nil {
		return nil, err
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = key(id)
	}
	found, err := n.store.GetMany(ctx, keys)
	if err != nil {
		return nil, err
	}
	last := map[string]time.Time{}
	for _, r := range found {
		var v use
		if err := json.Unmarshal(r.Value, &v); err != nil {
			return nil, store.Broken(err)
		}
		last[idOf(r.Key)] = v.SistBrukt
	}
	return last, nil
}

func idOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }
