package data_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"hjemmel/shared/freg/fregsim/data"
)

func TestTables(t *testing.T) {
	tables := data.Load()
	if n := len(tables.Kommuner); n != 357 {
		t.Errorf("%d kommuner, want 357", n)
	}
	has := map[int]int{}
	for _, p := range tables.Places {
		has[p.Kommune]++
		if len(p.Postnummer) != 4 || p.Poststed == "" || p.Poststed != strings.ToUpper(p.Poststed) {
			t.Errorf("place %+v", p)
		}
	}
	for i, k := range tables.Kommuner {
		if len(k.Nummer) != 4 || k.Navn == "" || has[i] == 0 {
			t.Errorf("kommune %+v has %d places", k, has[i])
		}
	}
	for _, i := range tables.Draw {
		if int(i) >= len(tables.Places) {
			t.Fatalf("the draw names place %d of %d", i, len(tables.Places))
		}
	}
}

func TestWords(t *testing.T) {
	tables := data.Load()
	seen := map[string]bool{}
	for _, w := range append(tables.Words, tables.Streets...) {
		if w == "" || strings.TrimSpace(w) != w || !utf8.ValidString(w) || seen[w] {
			t.Errorf("word %q is empty, untrimmed or twice", w)
		}
		seen[w] = true
	}
	for _, r := range []data.Range{tables.First, tables.Last} {
		if !(r.From < r.Special && r.Special < r.To && r.To <= len(tables.Words)) {
			t.Errorf("range %+v of %d words", r, len(tables.Words))
		}
	}
	for _, hard := range []string{"Å", "O'FURU", "BLÅ-GRØNN", "GLAD OG RAUS", "TRÖSTEBÄR"} {
		if !seen[hard] {
			t.Errorf("no %q", hard)
		}
	}
}
