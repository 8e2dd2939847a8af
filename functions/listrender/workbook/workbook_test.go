package workbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/fault"

	"hjemmel/shared/lists/template"
)

var formats = []Format{XLSX, CSV}

func TestACellIsRefusedWithoutItsValue(t *testing.T) {
	for _, f := range formats {
		for _, c := range []struct {
			cell, code string
		}{
			{strings.Repeat("a", MaxCell), ""},
			{strings.Repeat("æ", MaxCell), ""},
			{strings.Repeat("🙂", MaxCell/2), ""},
			{strings.Repeat("a", MaxCell+1), "LISTE_CELLE_FOR_LANG"},
			{strings.Repeat("🙂", MaxCell/2+1), "LISTE_CELLE_FOR_LANG"},
			{"Kari\xff", "LISTE_CELLE_UGYLDIG"},
			{"\xed\xa0\x80", "LISTE_CELLE_UGYLDIG"},
		} {
			w, err := New(io.Discard, f, List{Columns: columns, Salt: salt})
			if err != nil {
				t.Fatal(err)
			}
			_ = w.Row([]string{"", "", "", ""})
			err = w.Row([]string{"1", c.cell, "", ""})
			if c.code == "" {
				if err != nil {
					t.Errorf("%s: %v", f, err)
				}
				continue
			}
			got := fault.Of(err)
			if got.Code != c.code || !slices.Equal(got.Elements, []string{"navn_fornavn"}) || !strings.Contains(got.Detail, "rad 2, kolonnen «Fornavn»") {
				t.Errorf("%s: %v %v %s", f, got, got.Elements, got.Detail)
			}
			if strings.Contains(got.Detail+got.Error(), c.cell[:3]) {
				t.Errorf("%s: the refusal repeats the value", f)
			}
			if w.Row([]string{"", "", "", ""}) == nil || w.Close(about) == nil {
				t.Errorf("%s: half a file was closed", f)
			}
		}
	}
}

func TestListsThatMakeNoFile(t *testing.T) {
	a := template.Column{Name: "a", Header: "A"}
	for why, l := range map[string]List{
		"no columns":        {Salt: salt},
		"no salt":           {Columns: []template.Column{a}},
		"a short salt":      {Columns: []template.Column{a}, Salt: salt[1:]},
		"no name":           {Columns: []template.Column{{Header: "A"}}, Salt: salt},
		"no header":         {Columns: []template.Column{{Name: "a"}}, Salt: salt},
		"one name twice":    {Columns: []template.Column{a, {Name: "a", Header: "B"}}, Salt: salt},
		"one header twice":  {Columns: []template.Column{a, {Name: "b", Header: "a"}}, Salt: salt},
		"an unclear header": {Columns: []template.Column{{Name: "a", Header: "A\n"}}, Salt: salt},
		"a long header":     {Columns: []template.Column{{Name: "a", Header: strings.Repeat("A", 256)}}, Salt: salt},
		"too many columns":  {Columns: make([]template.Column, MaxColumns+1), Salt: salt},
	} {
		for _, f := range formats {
			if _, err := New(io.Discard, f, l); err == nil {
				t.Errorf("%s makes a %s", why, f)
			}
		}
	}
	if _, err := New(io.Discard, "ODS", List{Columns: []template.Column{a}, Salt: salt}); err == nil {
		t.Error("an unknown format makes a file")
	}
}

func TestRowsAreAsWideAsTheList(t *testing.T) {
	for _, cells := range [][]string{nil, {"1", "2", "3"}, {"1", "2", "3", "4", "5"}} {
		w, err := New(io.Discard, CSV, List{Columns: columns, Salt: salt})
		if err != nil {
			t.Fatal(err)
		}
		if w.Row(cells) == nil || w.Close(about) == nil {
			t.Errorf("a row of %d cells was taken", len(cells))
		}
	}
}

// Without a receipt there is no file: nothing leaves without a proof, and nothing without a hjemmel.
func TestACoverLacksNothing(t *testing.T) {
	for why, spoil := range map[string]func(*Cover){
		"title": func(c *Cover) { c.Title = "" }, "organisation": func(c *Cover) { c.Organisation = "" }, "rolle": func(c *Cover) { c.Rolle = "" },
		"hjemler": func(c *Cover) { c.Hjemler = nil }, "receipt": func(c *Cover) { c.Receipt = "" },
		"short text": func(c *Cover) { c.Formaal = strings.Repeat("a", MaxCell+1) },
	} {
		for _, f := range formats {
			w, err := New(io.Discard, f, List{Columns: columns, Salt: salt})
			if err != nil {
				t.Fatal(err)
			}
			c := about
			spoil(&c)
			if w.Close(c) == nil || w.Close(about) == nil {
				t.Errorf("a %s was closed without its %s", f, why)
			}
		}
	}
}

func TestAClosedFileIsClosed(t *testing.T) {
	for _, f := range formats {
		w, err := New(io.Discard, f, List{Columns: columns, Salt: salt})
		if err != nil {
			t.Fatal(err)
		}
		pour(t, w, nil)
		if w.Close(about) == nil || w.Row([]string{"", "", "", ""}) == nil {
			t.Errorf("a closed %s was written to", f)
		}
	}
}

// full fails after some bytes.
type full struct{ left int }

var errFull = errors.New("full")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A destination that fails anywhere fails the file.
func TestADestinationThatFails(t *testing.T) {
	for _, f := range formats {
		l := List{Columns: columns, Salt: salt}
		rows := slices.Repeat([][]string{{"00000000000", "Kari", "2024-05-17", "1984"}}, 5000)
		whole := len(written(t, f, l, rows))
		for left := 0; left < whole; left += whole/20 + 1 {
			w, err := New(&full{left}, f, l)
			for i := 0; err == nil && i < len(rows); i++ {
				err = w.Row(rows[i])
			}
			if err == nil {
				err = w.Close(about)
			}
			if !errors.Is(err, errFull) {
				t.Fatalf("%s, %d of %d bytes: %v", f, left, whole, err)
			}
		}
	}
}

func TestAFileOver4GiBIsRefused(t *testing.T) {
	w, err := New(io.Discard, XLSX, List{Columns: columns, Salt: salt})
	if err != nil {
		t.Fatal(err)
	}
	w.file.(*spreadsheet).maxBytes = -1
	if err := w.Row([]string{"", "", "", ""}); fault.Of(err).Code != "LISTE_FOR_STOR" {
		t.Errorf("%v", err)
	}
}

// The manifest, worked out as its comment says.
func TestTheManifestIsAsDescribed(t *testing.T) {
	rows := [][]string{{"1", "Kari", "2024-05-17", ""}, {"", "Áŋŋel", strings.Repeat("a", 300), "0"}}
	text := func(s string) string { return string(binary.AppendUvarint(nil, uint64(len(s)))) + s }
	whole := "hjemmel-liste-1\n" + text(string(salt)) + "\x04"
	for _, c := range columns {
		whole += text(c.Name)
	}
	for _, r := range rows {
		for _, c := range r {
			whole += text(c)
		}
	}
	want := Manifest(sha256.Sum256([]byte(whole)))
	for _, f := range formats {
		if got := manifest(t, f, List{Columns: columns, Salt: salt}, rows); got != want {
			t.Errorf("%s: %s, want %s", f, got, want)
		}
	}
}

func manifest(t *testing.T, f Format, l List, rows [][]string) Manifest {
	t.Helper()
	w, err := New(&bytes.Buffer{}, f, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if w.Summary() != w.Summary() || w.Summary().Rows != len(rows) {
		t.Errorf("summary %v", w.Summary())
	}
	return w.Summary().Manifest
}

func TestTheManifestTellsListsApart(t *testing.T) {
	two := func(names ...string) (c []template.Column) {
		for _, n := range names {
			c = append(c, template.Column{Name: n, Header: n})
		}
		return c
	}
	seen := map[Manifest]string{}
	for why, c := range map[string]struct {
		columns []template.Column
		salt    string
		rows    [][]string
	}{
		"plain":         {two("a", "b"), "0123456789abcdef", [][]string{{"x", "y"}, {"z", ""}}},
		"salt":          {two("a", "b"), "0123456789abcdeF", [][]string{{"x", "y"}, {"z", ""}}},
		"column":        {two("a", "c"), "0123456789abcdef", [][]string{{"x", "y"}, {"z", ""}}},
		"column order":  {two("b", "a"), "0123456789abcdef", [][]string{{"x", "y"}, {"z", ""}}},
		"row order":     {two("a", "b"), "0123456789abcdef", [][]string{{"z", ""}, {"x", "y"}}},
		"cell boundary": {two("a", "b"), "0123456789abcdef", [][]string{{"xy", ""}, {"z", ""}}},
		"row boundary":  {two("a", "b"), "0123456789abcdef", [][]string{{"x", ""}, {"yz", ""}}},
		"empty row":     {two("a", "b"), "0123456789abcdef", [][]string{{"x", "y"}, {"z", ""}, {"", ""}}},
	} {
		m := manifest(t, CSV, List{Columns: c.columns, Salt: []byte(c.salt)}, c.rows)
		if seen[m] != "" {
			t.Errorf("%s and %s have one manifest", why, seen[m])
		}
		seen[m] = why
	}
	l := List{Columns: two("a", "b"), Salt: []byte("0123456789abcdef"), MachineNames: true}
	l.Columns[0].Header, l.Columns[1].Kind = "Annet", template.Date
	if m := manifest(t, XLSX, l, [][]string{{"x", "y"}, {"z", ""}}); seen[m] != "plain" {
		t.Error("headers, kinds or format change the manifest")
	}
}

// Rows are not kept: writing one more takes no more memory.
func TestRowsTakeNoMemory(t *testing.T) {
	row := []string{"00000000000", "Áŋŋel _x0041_ <b>", "2024-05-17", "1984"}
	for _, f := range formats {
		w, err := New(io.Discard, f, List{Columns: columns, Salt: salt})
		if err != nil {
			t.Fatal(err)
		}
		add := func() {
			if err := w.Row(row); err != nil {
				t.Fatal(err)
			}
		}
		testing.AllocsPerRun(5000, add) // buffers grow to their size
		if n := testing.AllocsPerRun(5000, add); n >= 1 {
			t.Errorf("a row of %s takes %v allocations", f, n)
		}
	}
}
