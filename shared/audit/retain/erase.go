package retain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/store"
)

// Eraser erases. Any number may work at once: each commit of the log is erased in one commit, or index first and entries
// last, so that whoever dies leaves work that the next does whole.
type Eraser struct {
	// State is where entries lie. It must not remember what it has read.
	State store.Store
	Log   *audit.Log
	Now   func() time.Time
}

// Erased is the entry of an organisation's erasure, written before it. Gjelder is the last day that was erased.
const Erased = "logg-slettet"

// Erase erases what has expired, of every organisation, and gives how many entries that was. After an error what was
// erased stays so, and the next call goes on.
func (x *Eraser) Erase(ctx context.Context) (n int, err error) {
	const root = "loggtid/"
	for after := ""; ; {
		page, err := x.State.Scan(ctx, root, after, 1)
		if err != nil || len(page) == 0 {
			return n, err
		}
		org, _, _ := strings.Cut(strings.TrimPrefix(page[0].Key, root), "/")
		some, err := x.organisation(ctx, org)
		if n += some; err != nil {
			return n, err
		}
		after = audit.TimePrefix(org) + "~" // after all of its times
	}
}

// commitsAtOnce bounds what is in memory.
const commitsAtOnce = 50

func (x *Eraser) organisation(ctx context.Context, org string) (n int, err error) {
	prefix, told := audit.TimePrefix(org), false
	for after := ""; ; {
		page, err := x.State.Scan(ctx, prefix, after, commitsAtOnce)
		if err != nil {
			return n, err
		}
		for _, at := range page {
			after = at.Key
			c, err := x.read(ctx, org, at)
			if err != nil {
				return n, err
			}
			if c.expired < after {
				return n, nil
			}
			if c.gone == nil {
				continue
			}
			if !told {
				if err := x.tell(ctx, org, c.rule); err != nil {
					return n, err
				}
				told = true
			}
			if err := x.write(ctx, c); err != nil {
				return n, audit.Unreadable(err) // also where somebody was faster: to be called again
			}
			n += len(c.gone)
		}
		if len(page) < commitsAtOnce {
			return n, nil
		}
	}
}

func (x *Eraser) tell(ctx context.Context, org string, r Regel) error {
	_, err := x.Log.Append(ctx, audit.Entry{FiksOrgID: org, Handling: Erased, Utfall: audit.Utfoert, Gjelder: r.until(x.Now()).Format(time.DateOnly)})
	return err
}

// commit is one commit of the log, as it is to be.
type commit struct {
	rule    Regel
	expired string // the key of time from which nothing has expired
	at      store.Record
	org     string
	stacks  []store.Op
	stay    audit.Index
	left    bool // something of the organisation's stays
	gone    []audit.Entry
}

// read works out what goes of a commit.
func (x *Eraser) read(ctx context.Context, org string, at store.Record) (commit, error) {
	rule, err := New(x.State).Rule(ctx, org)
	if err != nil {
		return commit{}, err
	}
	before := rule.until(x.Now())
	c := commit{rule: rule, expired: audit.TimePrefix(org) + audit.Moment(before), at: at, org: org, stay: audit.NewIndex()}
	if c.expired < at.Key {
		return c, nil
	}
	keys := audit.Stacks(at.Value)
	found, err := x.State.GetMany(ctx, keys)
	if err != nil {
		return c, audit.Unreadable(err)
	}
	for _, key := range keys {
		if r, ok := found[key]; ok {
			if err := c.stack(r, before); err != nil {
				return c, audit.Unreadable(err)
			}
		}
	}
	return c, nil
}

// stack takes the expired entries out of one stack.
func (c *commit) stack(stack store.Record, before time.Time) error {
	records, err := audit.Records(stack.Value)
	if err != nil {
		return err
	}
	changed := false
	for i, b := range records {
		e, r, err := audit.Open(b)
		switch {
		case errors.Is(err, audit.ErrErased):
		case err != nil:
			c.left = true
		case e.FiksOrgID != c.org:
		case !e.Tid.Before(before) || c.rule.holds(e):
			c.stay.Add(e, stack.Key)
			c.left = true
		default:
			if records[i], err = json.Marshal(audit.Record{Forplikt: r.Forplikt}); err != nil {
				return err
			}
			c.gone, changed = append(c.gone, e), true
		}
	}
	if changed {
		value := slices.Concat([]byte("["), bytes.Join(records, []byte(",")), []byte("]"))
		c.stacks = append(c.stacks, store.PutIf(stack.Key, value, stack.Revision))
	}
	return nil
}

// write erases a commit. The rule is written as it was read, so that what is held meanwhile is not erased.
func (x *Eraser) write(ctx context.Context, c commit) error {
	index, err := x.index(ctx, c)
	if err != nil {
		return err
	}
	rule, err := c.rule.Put(c.rule)
	if err != nil {
		return err
	}
	last := append(c.stacks, rule)
	if !c.left {
		last = append(last, store.DeleteIf(c.at.Key, c.at.Revision))
	}
	if all := slices.Concat(index, last); store.CheckOps(all) == nil {
		return x.State.Commit(ctx, all...)
	}
	for some := range slices.Chunk(index, store.MaxOps/2) {
		if err := x.State.Commit(ctx, some...); err != nil {
			return err
		}
	}
	return x.State.Commit(ctx, last...)
}

// index gives the writes by which nothing leads to what goes, and everything to what stays.
func (x *Eraser) index(ctx context.Context, c commit) ([]store.Op, error) {
	var keys []string
	for _, e := range c.gone {
		for _, key := range e.Keys() {
			if !c.stay.Has(key) {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	found, err := x.State.GetMany(ctx, slices.Compact(keys))
	if err != nil {
		return nil, audit.Unreadable(err)
	}
	ops, mine := c.stay.Ops(), audit.Stacks(c.at.Value)
	for key, r := range found {
		if request := strings.HasPrefix(key, audit.RequestPrefix); !request || within(audit.Stacks(r.Value), mine) {
			ops = append(ops, store.DeleteIf(r.Key, r.Revision))
		}
	}
	return ops, nil
}

// within reports whether all of some are among others: a request that was written in several commits is found by its last.
func within(some, others []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(others, s) })
}
