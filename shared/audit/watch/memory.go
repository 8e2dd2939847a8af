package watch

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/store"
)

// Where what is remembered lies: by organisation, and within it by employee, role and pseudonym.
const (
	habitPrefix    = "avvikminne/ansatt/"
	crowdPrefix    = "avvikminne/rolle/"
	interestPrefix = "avvikminne/person/"
)

func ruleKey(fiksOrgID string) string { return "avvikregel/" + fiksOrgID }

func habitKey(e audit.Entry) string { return habitPrefix + e.FiksOrgID + "/" + e.Aktor }

// crowdKey is "" where the entry names no role, and interestKey where it is about nobody.
func crowdKey(e audit.Entry) string {
	if !audit.Plain(e.Rolle) {
		return ""
	}
	return crowdPrefix + e.FiksOrgID + "/" + e.Rolle
}

func interestKey(e audit.Entry) string {
	if !audit.Plain(e.Subjekt) {
		return ""
	}
	return interestPrefix + e.FiksOrgID + "/" + e.Subjekt
}

// memory is what is remembered, as it was read and then as it became, and what was found.
type memory struct {
	read     map[string]store.Record
	rules    map[string]avvik.Regel
	kept     map[string]any // by key
	findings []finding
}

// finding is a finding and where it belongs.
type finding struct {
	record
	org string
}

// recall reads what is remembered of all that entries concern, at once.
func (w *Watcher) recall(ctx context.Context, entries []placed) (*memory, error) {
	var keys []string
	for _, e := range entries {
		for _, key := range []string{ruleKey(e.FiksOrgID), habitKey(e.Entry), crowdKey(e.Entry), interestKey(e.Entry)} {
			if key != "" {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	read, err := w.State.GetMany(ctx, slices.Compact(keys))
	return &memory{read: read, rules: map[string]avvik.Regel{}, kept: map[string]any{}}, err
}

// window is what is known before an entry, to be changed by it.
func (m *memory) window(e audit.Entry) avvik.Window {
	rule, ok := m.rules[e.FiksOrgID]
	if !ok {
		rule = readRule(m.read[ruleKey(e.FiksOrgID)])
		m.rules[e.FiksOrgID] = rule
	}
	return avvik.Window{
		Regel: rule, Ansatt: kept[avvik.Habit](m, habitKey(e)), Rollen: kept[avvik.Crowd](m, crowdKey(e)), Interesse: kept[avvik.Interest](m, interestKey(e)),
	}
}

// readRule gives an organisation's rule. Where there is none, and where it cannot be read, everything is on.
func readRule(r store.Record) avvik.Regel {
	rule, err := store.Value[avvik.Regel](r)
	if err != nil || rule.Wrong() != nil {
		return avvik.Undecided()
	}
	return rule
}

// kept gives a record to change, one for all entries. What cannot be read is forgotten: it is counts, and nobody waits for them.
func kept[T any](m *memory, key string) *T {
	if key == "" {
		return new(T)
	}
	if v, ok := m.kept[key].(*T); ok {
		return v
	}
	v := new(T)
	if r, ok := m.read[key]; ok {
		if read, err := store.Value[T](r); err == nil {
			*v = read
		}
	}
	m.kept[key] = v
	return v
}

// found notes a finding.
func (m *memory) found(e placed, a avvik.Avvik) {
	m.findings = append(m.findings, finding{record{a, e.stack}, e.FiksOrgID})
}

// ops are the writes. What is remembered is written unconditionally: only who moves the cursor writes it. A finding that
// is there already, open or closed, stays as it is.
func (m *memory) ops(ctx context.Context, s store.Store) (ops []store.Op, err error) {
	var keys []string
	for _, f := range m.findings {
		keys = append(keys, open.key(f.org, f.ID), closed.key(f.org, f.ID))
	}
	there, err := s.GetMany(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, f := range m.findings {
		_, is := there[keys[2*i]]
		_, was := there[keys[2*i+1]]
		if is || was {
			continue
		}
		op, err := store.Write(keys[2*i], f.record, "")
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	for _, key := range slices.Sorted(maps.Keys(m.kept)) {
		value, err := json.Marshal(m.kept[key])
		if err != nil {
			return nil, err
		}
		ops = append(ops, store.Put(key, value))
	}
	return ops, nil
}
