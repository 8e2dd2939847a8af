package audit_test

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// Each stack has its note in the same commit, with the commitments of its entries and nothing else of them.
func TestEveryStackHasItsNote(t *testing.T) {
	l, s := open(t)
	s.FailCommit(storetest.Before, 1)
	if _, err := l.Append(t.Context(), about(t, "failed", 2)...); err == nil {
		t.Fatal("written")
	}
	all(t, start(t.Context(), t, l, "r", 1, 3, 1500)())
	notes := map[string]audit.Unsealed{}
	records, err := store.All(t.Context(), s, audit.UnsealedPrefix)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		u, err := audit.ReadUnsealed(r)
		if err != nil || bytes.Contains(r.Value, []byte("org")) {
			t.Fatal(err)
		}
		notes[audit.Key(u.Skriver, u.Nr)] = u
	}
	stacks, err := store.All(t.Context(), s, "logg/")
	if err != nil || len(stacks) != len(notes) || len(stacks) < 3 {
		t.Fatalf("%d stacks, %d notes: %v", len(stacks), len(notes), err)
	}
	for _, stack := range stacks {
		u := notes[stack.Key]
		entries, err := audit.Records(stack.Value)
		if err != nil || len(entries) != len(u.Commitments) || u.Last() != u.Nr+uint64(len(entries))-1 {
			t.Fatalf("%d entries, %d commitments: %v", len(entries), len(u.Commitments), err)
		}
		for i, e := range entries {
			entry, record, err := audit.Open(e)
			if err != nil || !bytes.Equal(record.Forplikt, u.Commitments[i]) || i == 0 && !entry.Tid.Equal(u.Tid) {
				t.Fatalf("entry %d: %v", i, err)
			}
		}
	}
}

// The note's form is final while notes lie in a store.
func TestReadUnsealed(t *testing.T) {
	value, err := hex.DecodeString("000644e9f8f1f394" + "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")
	if err != nil {
		t.Fatal(err)
	}
	key := "loggny/" + writer + "/000000000007"
	u, err := audit.ReadUnsealed(store.Record{Key: key, Value: value})
	if err != nil || u.Skriver != writer || u.Nr != 7 || u.Last() != 7 || !u.Tid.Equal(time.UnixMicro(0x000644e9f8f1f394)) || !bytes.Equal(u.Commitments[0], value[8:]) {
		t.Errorf("%+v %v", u, err)
	}
	for name, r := range map[string]store.Record{
		"another kind": {Key: "logg/" + writer + "/000000000007", Value: value}, "no number": {Key: "loggny/" + writer, Value: value},
		"number 0": {Key: "loggny/" + writer + "/000000000000", Value: value}, "short": {Key: key, Value: value[:39]}, "long": {Key: key, Value: append(value[:40:40], 1)},
		"none": {Key: key, Value: value[:8]}, "empty": {Key: key}, "other digits": {Key: "loggny/" + writer + "/7", Value: value},
	} {
		if _, err := audit.ReadUnsealed(r); err == nil {
			t.Error(name)
		}
	}
}
