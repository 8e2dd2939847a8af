package storetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"hjemmel/shared/store"
)

// ErrInjected is the cause of every fault that [FaultyStore] makes up.
var ErrInjected = errors.New("storetest: injected fault")

// Moment is a side of a call: what the caller sees is the same failure, what the store holds is not.
type Moment int

// The moments.
const (
	Before Moment = iota // the store was not asked
	After                // the store did it, and the answer was lost
)

// Method is a method of store.Store.
type Method string

// The methods that can fail.
const (
	Get     Method = "Get"
	GetMany Method = "GetMany"
	Scan    Method = "Scan"
	Commit  Method = "Commit"
)

// Call is what a hook sees. It must not change the slices.
type Call struct {
	Method Method
	Moment Moment
	Keys   []string   // Get and GetMany: the keys; Scan: prefix and after
	Ops    []store.Op // Commit
	Nth    int        // 1 for the first commit (or for the first read) of the store's life
}

// FaultyStore is a store that fails on demand. Without a demand it is its inner store. Injected
// failures are faults of kind Unavailable that wrap [ErrInjected]: the only kind whose outcome a
// caller may not assume. Make it with [Faulty]. Safe for concurrent use; demands are used up in the
// order the calls arrive.
type FaultyStore struct {
	inner store.Store

	mu      sync.Mutex
	fail    [2]int // commits still to fail, by Moment
	reads   int    // reads still to fail
	crashAt int    // commits until the crash; 0 when none is planned
	crash   Moment
	dead    bool
	delay   time.Duration
	hook    func(context.Context, Call) error
	commits int
	asked   int
}

var _ store.Store = (*FaultyStore)(nil)

// Faulty wraps inner.
func Faulty(inner store.Store) *FaultyStore { return &FaultyStore{inner: inner} }

// FailCommit makes the next n commits fail before or after they took effect. A commit that the store
// refuses by itself counts too, and keeps its own error.
func (f *FaultyStore) FailCommit(when Moment, n int) {
	f.set(func() { f.fail[when] = n })
}

// FailReads makes the next n calls of Get, GetMany and Scan fail.
func (f *FaultyStore) FailReads(n int) { f.set(func() { f.reads = n }) }

// Crash lets n-1 more commits through and then dies: the n-th fails before or after it took effect,
// and so does every call from there on, until [FaultyStore.Revive]. Run a scenario with n from 1
// until it ends without [FaultyStore.Dead], and each commit has been a process's last.
func (f *FaultyStore) Crash(when Moment, n int) {
	f.set(func() { f.crash, f.crashAt = when, n })
}

// Dead says whether a planned crash has happened.
func (f *FaultyStore) Dead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

// Revive takes back every demand, a crash too: the process has started anew.
func (f *FaultyStore) Revive() {
	f.set(func() { f.fail, f.reads, f.crashAt, f.dead, f.delay, f.hook = [2]int{}, 0, 0, false, 0, nil })
}

// Delay makes every call wait for d, or until its context ends, before anything else. 0 ends it.
func (f *FaultyStore) Delay(d time.Duration) { f.set(func() { f.delay = d }) }

// Hook is called before and after every call that is not failed by another demand; an error from it
// becomes the call's failure. It may block, and may use the store. nil takes it away.
func (f *FaultyStore) Hook(h func(context.Context, Call) error) { f.set(func() { f.hook = h }) }

// Commits counts the calls of Commit so far, failed ones too.
func (f *FaultyStore) Commits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.commits
}

// Get is inner's, or a failure.
func (f *FaultyStore) Get(ctx context.Context, key string) (r store.Record, err error) {
	err = f.around(ctx, Call{Method: Get, Keys: []string{key}}, func() error {
		r, err = f.inner.Get(ctx, key)
		return err
	})
	if err != nil {
		return store.Record{}, err
	}
	return r, nil
}

// GetMany is inner's, or a failure.
func (f *FaultyStore) GetMany(ctx context.Context, keys []string) (found map[string]store.Record, err error) {
	err = f.around(ctx, Call{Method: GetMany, Keys: slices.Clone(keys)}, func() error {
		found, err = f.inner.GetMany(ctx, keys)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Scan is inner's, or a failure.
func (f *FaultyStore) Scan(ctx context.Context, prefix, after string, limit int) (found []store.Record, err error) {
	err = f.around(ctx, Call{Method: Scan, Keys: []string{prefix, after}}, func() error {
		found, err = f.inner.Scan(ctx, prefix, after, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Commit is inner's, or a failure before or after it.
func (f *FaultyStore) Commit(ctx context.Context, ops ...store.Op) error {
	return f.around(ctx, Call{Method: Commit, Ops: slices.Clone(ops)}, func() error { return f.inner.Commit(ctx, ops...) })
}

// Close closes inner and never fails by injection.
func (f *FaultyStore) Close() error { return f.inner.Close() }

func (f *FaultyStore) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// plan is what one call is in for.
type plan struct {
	call          Call
	delay         time.Duration
	before, after bool
	hook          func(context.Context, Call) error
}

// around does one call with what is in store for it.
func (f *FaultyStore) around(ctx context.Context, c Call, do func() error) error {
	p := f.draw(c)
	if p.delay > 0 {
		select {
		case <-time.After(p.delay):
		case <-ctx.Done():
			return store.Unavailable(ctx.Err())
		}
	}
	if err := p.at(ctx, Before, p.before); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return p.at(ctx, After, p.after)
}

func (p plan) at(ctx context.Context, m Moment, fail bool) error {
	if fail {
		return store.Unavailable(ErrInjected)
	}
	if p.hook == nil {
		return nil
	}
	p.call.Moment = m
	return p.hook(ctx, p.call)
}

// draw uses up the demands that one call meets.
func (f *FaultyStore) draw(c Call) plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := plan{delay: f.delay, hook: f.hook, before: f.dead}
	if c.Method == Commit {
		f.commits++
		c.Nth = f.commits
		f.drawCommit(&p)
	} else {
		f.asked++
		c.Nth = f.asked
		p.before = take(&f.reads) || p.before
	}
	p.call = c
	return p
}

func (f *FaultyStore) drawCommit(p *plan) {
	if f.dead {
		return
	}
	if take(&f.crashAt) && f.crashAt == 0 {
		f.dead = true
		p.before, p.after = f.crash == Before, f.crash == After
		return
	}
	p.before = take(&f.fail[Before])
	p.after = !p.before && take(&f.fail[After])
}

// take counts n down and says whether there was one left.
func take(n *int) bool {
	if *n <= 0 {
		return false
	}
	*n--
	return true
}
