package store_test

import (
	"strings"
	"testing"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

func TestCheckOps(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", store.MaxKey)
	many := func(n, size int) (ops []store.Op) {
		for i := range n {
			ops = append(ops, store.Put(strings.Repeat("k", i/80+1)+string(rune('!'+i%80)), make([]byte, size)))
		}
		return ops
	}
	cases := map[string]struct {
		ops   []store.Op
		bound string // "" when lawful
	}{
		"nothing":            {nil, ""},
		"longest key":        {[]store.Op{store.Create(long, nil)}, ""},
		"key too long":       {[]store.Op{store.Create(long+"k", nil)}, "key"},
		"no key":             {[]store.Op{store.Put("", nil)}, "key"},
		"space":              {[]store.Op{store.Put("a b", nil)}, "key"},
		"control":            {[]store.Op{store.Put("a\x00", nil)}, "key"},
		"delete character":   {[]store.Op{store.Put("a\x7f", nil)}, "key"},
		"not ASCII":          {[]store.Op{store.Put("å", nil)}, "key"},
		"every lawful byte":  {[]store.Op{store.Put(printable(), nil)}, ""},
		"largest value":      {[]store.Op{store.Put("a", make([]byte, store.MaxValue))}, ""},
		"value too large":    {[]store.Op{store.Put("a", make([]byte, store.MaxValue+1))}, "value"},
		"zero kind":          {[]store.Op{{Key: "a"}}, "kind"},
		"kind beyond":        {[]store.Op{{Key: "a", Kind: store.OpDeleteIf + 1}}, "kind"},
		"one key twice":      {[]store.Op{store.Put("a", nil), store.DeleteIf("a", "1")}, "key twice"},
		"most operations":    {many(store.MaxOps, 10), ""},
		"too many":           {many(store.MaxOps+1, 10), "ops"},
		"ten of the largest": {many(10, store.MaxValue), "size"},
		"nine":               {many(9, store.MaxValue), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, store.CheckOps(c.ops), c.bound)
		})
	}
}

func TestCheckScan(t *testing.T) {
	t.Parallel()
	check(t, store.CheckScan("", "", 1), "")
	check(t, store.CheckScan("a/", "a/b", store.MaxScan), "")
	check(t, store.CheckScan("", "", 0), "limit")
	check(t, store.CheckScan("", "", store.MaxScan+1), "limit")
	check(t, store.CheckScan("a ", "", 1), "key")
	check(t, store.CheckScan("", "å", 1), "key")
}

func check(t *testing.T, err error, bound string) {
	t.Helper()
	if bound == "" {
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return
	}
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v, want a fault of kind Invalid", err)
	}
	if got := fault.Of(err).Elements; len(got) != 1 || got[0] != bound {
		t.Fatalf("names %v, want %q", got, bound)
	}
}

func printable() string {
	var b strings.Builder
	for c := byte('!'); c <= '~'; c++ {
		b.WriteByte(c)
	}
	return b.String()
}
