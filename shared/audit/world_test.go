package audit_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

// fataler is what rapid's and testing's T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

const secret = "a secret of thirty-two bytes, ok"

func keys(t fataler) audit.Keys {
	t.Helper()
	k, err := audit.NewKeys([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func parsed(t fataler, digits string) person.ID {
	t.Helper()
	id, err := person.ParseID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// about are entries of a bulk lookup about the same person, told apart by request id.
func about(t fataler, name string, n int) []audit.Entry {
	t.Helper()
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{FiksOrgID: "org", Handling: "bulkoppslag", Utfall: audit.Utlevert, RequestID: fmt.Sprintf("%s/%d", name, i),
			Person: parsed(t, "14827849805"), Levert: []string{"navn.fornavn"}}
	}
	return entries
}

// line is one stored record and the number that its place gives it.
type line struct {
	writer string
	nr     uint64
	value  []byte
}

// stored is the whole log as it lies in the store: stacks of records, each under its first number.
func stored(t fataler, s store.Store) []line {
	t.Helper()
	var all []line
	for after := ""; ; {
		page, err := s.Scan(context.Background(), "logg/", after, store.MaxScan)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			l := line{}
			if n, err := fmt.Sscanf(r.Key, "logg/%20s/%012d", &l.writer, &l.nr); n != 2 || r.Key != audit.Key(l.writer, l.nr) {
				t.Fatalf("key %s: %v", r.Key, err)
			}
			records, err := audit.Records(r.Value)
			if err != nil || len(records) == 0 || string(r.Value) != "["+string(bytes.Join(records, []byte(",")))+"]" {
				t.Fatalf("%s is no stack: %v", r.Key, err)
			}
			for _, l.value = range records {
				all = append(all, l)
				l.nr++
			}
			after = r.Key
		}
		if len(page) < store.MaxScan {
			return all
		}
	}
}

// byWriter opens the whole log: each writer's entries by number. It fails where a sequence has a gap.
func byWriter(t fataler, s store.Store) map[string][]audit.Entry {
	t.Helper()
	all := map[string][]audit.Entry{}
	for _, l := range stored(t, s) {
		e, _, err := audit.Open(l.value)
		if err != nil || e.Skriver != l.writer || e.Nr != l.nr {
			t.Fatalf("%s-%d lies where %s-%d should be: %v", e.Skriver, e.Nr, l.writer, l.nr, err)
		}
		all[e.Skriver] = append(all[e.Skriver], e)
		if int(e.Nr) != len(all[e.Skriver]) { //nolint:gosec // small
			t.Fatalf("writer %s has %d where %d should be", e.Skriver, e.Nr, len(all[e.Skriver]))
		}
	}
	return all
}

// outcome is what one Append gave.
type outcome struct {
	entries []audit.Entry
	receipt audit.Receipt
	err     error
}

// acknowledged checks that every Append that got a receipt has its entries in the store, in order,
// and that the receipt's commitment is theirs. It gives the number of entries so acknowledged.
func acknowledged(t fataler, s store.Store, outcomes ...outcome) (n int) {
	t.Helper()
	at := map[string]line{}
	for _, l := range stored(t, s) {
		at[fmt.Sprintf("%s-%d", l.writer, l.nr)] = l
	}
	for _, o := range outcomes {
		if o.err != nil {
			if o.receipt.Valid() || !fault.Is(o.err, fault.Unavailable) {
				t.Fatalf("failed with %v and receipt %q", o.err, o.receipt)
			}
			continue
		}
		if !o.receipt.Valid() || o.receipt.Count() != len(o.entries) {
			t.Fatalf("receipt %q for %d entries", o.receipt, len(o.entries))
		}
		first, ok := at[o.receipt.EntryID()]
		var commitments [][]byte
		for i, want := range o.entries {
			l := at[fmt.Sprintf("%s-%d", first.writer, first.nr+uint64(i))]
			e, record, err := audit.Open(l.value)
			if !ok || err != nil || e.RequestID != want.RequestID {
				t.Fatalf("entry %d of receipt %s is %q: %v", i, o.receipt, e.RequestID, err)
			}
			commitments = append(commitments, record.Forplikt)
		}
		if commitment(o.receipt) != string(naiveRoot(commitments)) {
			t.Fatal("the receipt commits to something else")
		}
		n += len(o.entries)
	}
	return n
}

// all fails the test where one of the outcomes is a failure.
func all(t fataler, outcomes []outcome) []outcome {
	t.Helper()
	for _, o := range outcomes {
		if o.err != nil {
			t.Fatal(o.err)
		}
	}
	return outcomes
}

func commitment(r audit.Receipt) string {
	b, _ := base64.RawURLEncoding.DecodeString(r.String()[strings.LastIndexByte(r.String(), '.')+1:])
	return string(b)
}

// naiveRoot is the Merkle tree hash of RFC 6962 §2.1, straight from its definition; one entry's
// receipt holds the entry's own commitment.
func naiveRoot(leaves [][]byte) []byte {
	if len(leaves) == 1 {
		return leaves[0]
	}
	return mth(leaves)
}

func mth(leaves [][]byte) []byte {
	h := sha256.New()
	if len(leaves) == 1 {
		h.Write([]byte{0})
		h.Write(leaves[0])
		return h.Sum(nil)
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	h.Write([]byte{1})
	h.Write(mth(leaves[:k]))
	h.Write(mth(leaves[k:]))
	return h.Sum(nil)
}

// open starts a log on a store that can fail, and closes it with the test.
func open(t *testing.T) (*audit.Log, *storetest.FaultyStore) {
	t.Helper()
	s := storetest.Faulty(storetest.NewMemory())
	l := audit.NewLog(s, keys(t), time.Now)
	t.Cleanup(l.Close)
	return l, s
}
