package firestore

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"hjemmel/shared/store"
)

// keys are heavy with the bytes that are escaped and their neighbours.
func keys() *rapid.Generator[string] {
	heavy := rapid.StringOfN(rapid.SampledFrom([]rune("-./0:._")), 1, 20, -1)
	return rapid.OneOf(heavy, rapid.StringMatching(`[!-~]{1,20}`))
}

func TestID(t *testing.T) {
	reserved := regexp.MustCompile(`^(\.|\.\.|__.*__)$`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := keys().Draw(t, "a"), keys().Draw(t, "b")
		x, y := id(a), id(b)
		if strings.Contains(x, "/") || reserved.MatchString(x) {
			t.Errorf("%q becomes the unlawful id %q", a, x)
		}
		if strings.Compare(a, b) != strings.Compare(x, y) {
			t.Errorf("%q and %q change order as %q and %q", a, b, x, y)
		}
		if strings.HasPrefix(a, b) != strings.HasPrefix(x, y) {
			t.Errorf("%q and %q: prefix changes as %q and %q", a, b, x, y)
		}
		if strings.HasPrefix(a, b) != (x >= y && x < y+aboveAll) {
			t.Errorf("%q and %q: the range of a scan is not the prefix", a, b)
		}
		if back := unescape.Replace(strings.TrimPrefix(x, idPrefix)); back != a {
			t.Errorf("%q came back as %q", a, back)
		}
	})
	for _, k := range []string{strings.Repeat("/", store.MaxKey), strings.Repeat(".", store.MaxKey)} {
		if n := len(id(k)); n > 1500 {
			t.Errorf("an id of %d bytes", n)
		}
	}
}

// The largest lawful commits stay under the 10 MiB of a request, in the longest database name.
func TestLargestRequest(t *testing.T) {
	s := &Store{database: "projects/" + strings.Repeat("p", 30) + "/databases/" + strings.Repeat("d", 63), collection: strings.Repeat("c", 100)}
	for name, c := range map[string]struct{ n, key, value int }{
		"many long keys":  {store.MaxOps, store.MaxKey, store.MaxCommit/store.MaxOps - 2*store.MaxKey - 256},
		"many short keys": {store.MaxOps, 4, store.MaxCommit/store.MaxOps - 2*4 - 256},
		"large values":    {9, store.MaxKey, store.MaxValue},
	} {
		var ops []store.Op
		for i := range c.n {
			key := fmt.Sprintf("%04d", i)
			ops = append(ops, store.PutIf(key+strings.Repeat("/", c.key-len(key)), make([]byte, c.value), "4102444800000000"))
		}
		if err := store.CheckOps(ops); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		writes, err := s.writes(ops)
		if err != nil {
			t.Fatal(err)
		}
		if size := proto.Size(&pb.CommitRequest{Database: s.database, Writes: writes}); size > 10<<20 {
			t.Errorf("%s: a request of %d bytes", name, size)
		}
	}
}

func TestRevision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := &timestamppb.Timestamp{Seconds: rapid.Int64Range(1, 1<<35).Draw(t, "s"), Nanos: 1000 * rapid.Int32Range(0, 999_999).Draw(t, "µs")}
		back, ok := parse(format(at))
		if !ok || !proto.Equal(at, back) {
			t.Errorf("%v came back as %v", at, back)
		}
	})
	for _, foreign := range []store.Revision{"", "0", "-1", "+1", "01", "1.5", "zz", "99999999999999999999"} {
		if _, ok := parse(foreign); ok {
			t.Errorf("%q is taken for ours", foreign)
		}
	}
}
