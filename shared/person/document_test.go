package person_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"hjemmel/shared/person"
)

// tree is what a document says, as encoding/json would decode it with UseNumber.
func tree(v person.Value) any {
	switch v.Kind() {
	case '{':
		m := map[string]any{}
		for c := range v.Each() {
			m[string(c.Name())] = tree(c)
		}
		return m
	case '[':
		list := []any{}
		for c := range v.Each() {
			list = append(list, tree(c))
		}
		return list
	case '"':
		return v.Text()
	case '0':
		return json.Number(v.Raw())
	case 't', 'f':
		return v.True()
	}
	return nil
}

func decoded(t interface{ Fatalf(string, ...any) }, raw []byte) any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		t.Fatalf("encoding/json refuses %q: %v", raw, err)
	}
	return want
}

// writer draws JSON with every freedom that the form allows: space, escapes, spellings of numbers.
type writer struct {
	t *rapid.T
	b strings.Builder
}

var names = rapid.StringMatching(`[a-zA-Z0-9 ._-]{0,8}`)

func (w *writer) space() {
	w.b.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "\n", "\t", "\r\n "}).Draw(w.t, "space"))
}

func (w *writer) text(s string) {
	w.b.WriteByte('"')
	for _, r := range s {
		switch how := rapid.IntRange(0, 9).Draw(w.t, "escape"); {
		case r == '"' || r == '\\' || (r == '/' && how == 0):
			w.b.WriteString(`\` + string(r))
		case r < ' ' || (how == 0 && r < 0x10000):
			fmt.Fprintf(&w.b, `\u%04x`, r)
		case how == 0:
			fmt.Fprintf(&w.b, `\u%04X\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		default:
			w.b.WriteRune(r)
		}
	}
	w.b.WriteByte('"')
}

func (w *writer) value(depth int) {
	w.space()
	kind := rapid.SampledFrom([]string{"text", "text", "number", "word", "object", "list"}).Draw(w.t, "kind")
	switch {
	case kind == "object" && depth < 6:
		w.object(depth)
	case kind == "list" && depth < 6:
		w.b.WriteByte('[')
		for i := range rapid.IntRange(0, 3).Draw(w.t, "elements") {
			if i > 0 {
				w.b.WriteByte(',')
			}
			w.value(depth + 1)
		}
		w.space()
		w.b.WriteByte(']')
	case kind == "number":
		w.b.WriteString(rapid.StringMatching(`-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?`).Draw(w.t, "number"))
	case kind == "word":
		w.b.WriteString(rapid.SampledFrom([]string{"true", "false", "null"}).Draw(w.t, "word"))
	default:
		w.text(rapid.StringN(0, 12, -1).Draw(w.t, "text"))
	}
	w.space()
}

// object writes an object with a name twice where repeat says so, and reports whether it could.
func (w *writer) object(depth int, repeat ...bool) bool {
	members := rapid.SliceOfNDistinct(names, 0, 5, rapid.ID).Draw(w.t, "members")
	if len(repeat) > 0 && len(members) > 0 {
		members = append(members, rapid.SampledFrom(members).Draw(w.t, "twice"))
	}
	w.b.WriteByte('{')
	for i, name := range members {
		if i > 0 {
			w.b.WriteByte(',')
		}
		w.space()
		w.b.WriteString(`"` + name + `"`)
		w.space()
		w.b.WriteByte(':')
		w.value(depth + 1)
	}
	w.space()
	w.b.WriteByte('}')
	return len(repeat) > 0 && len(members) > 0
}

func TestTheIndexAgreesWithEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		w.space()
		w.object(0)
		w.space()
		raw := []byte(w.b.String())
		d, err := person.ParseDocument(raw)
		if err != nil {
			t.Fatalf("refused %q", raw)
		}
		if got, want := tree(d.Root()), decoded(t, raw); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\nis read as   %#v\nand it says %#v", raw, got, want)
		}
		within(t, d)
		if _, err := person.ParseDocument(raw[:rapid.IntRange(0, len(bytes.TrimSpace(raw))-1).Draw(t, "cut")]); err == nil {
			t.Fatal("a cut document is taken")
		}
		if _, err := person.ParseDocument(append(raw, rapid.SampledFrom([]string{"{}", "x", ",", "0", "\x00", "}"}).Draw(t, "more")...)); err == nil {
			t.Fatal("trailing data is taken")
		}
	})
}

func TestANameTwiceIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{t: t}
		under := rapid.IntRange(0, 3).Draw(t, "depth")
		w.b.WriteString(strings.Repeat(`{"a":[`, under))
		twice := w.object(0, true)
		w.b.WriteString(strings.Repeat(`]}`, under))
		if _, err := person.ParseDocument([]byte(w.b.String())); twice && err == nil {
			t.Fatalf("taken: %s", w.b.String())
		}
	})
}

// within walks the whole document: every value lies inside the one that holds it, after the one
// before it, and a member's value after its name.
func within(t interface{ Fatalf(string, ...any) }, d *person.Document) {
	at := func(v []byte) (start, end int) { // both share the document's memory
		end = cap(d.Raw()) - cap(v) + len(v)
		return end - len(v), end
	}
	var walk func(v person.Value, from, to int)
	walk = func(v person.Value, from, to int) {
		start, end := at(v.Raw())
		if start < from || end > to || start >= end || !v.Exists() {
			t.Fatalf("a value at %d–%d inside %d–%d", start, end, from, to)
		}
		from, to = start, end
		for c := range v.Each() {
			cStart, cEnd := at(c.Raw())
			if n := c.Name(); n != nil {
				nStart, nEnd := at(n)
				if nStart < from || nEnd >= cStart || v.Kind() != '{' {
					t.Fatalf("a name at %d–%d of a value at %d", nStart, nEnd, cStart)
				}
			}
			if cStart < from {
				t.Fatalf("values overlap at %d", cStart)
			}
			walk(c, from, to)
			from = cEnd
		}
	}
	walk(d.Root(), 0, len(d.Raw()))
}

func TestParseDocumentRefuses(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	for name, raw := range map[string]string{
		"nothing": "", "space": " \n", "a list": `[]`, "a string": `"x"`, "a number": `1`, "null": `null`, "a mark before": "\ufeff{}",
		"one more": `{}{}`, "a comma": `{"a":1,}`, "no comma": `{"a":1 "b":2}`, "no colon": `{"a" 1}`, "no value": `{"a":}`, "no name": `{1:1}`,
		"a bare name": `{a:1}`, "single quotes": `{'a':1}`, "a comment": `{"a":1/**/}`, "cut": `{"a":[1`, "mismatch": `{"a":[1}]`, "too many ends": `{"a":1}}`,
		"a control character": "{\"a\":\"\x01\"}", "a line break": "{\"a\":\"\n\"}", "no such escape": `{"a":"\x41"}`, "half an escape": `{"a":"\u00"}`,
		"half a pair": `{"a":"\ud83d"}`, "a pair turned round": `{"a":"\ude00\ud83d"}`, "a pair broken off": `{"a":"\ud83dx"}`,
		"not UTF-8": "{\"a\":\"\xff\"}", "overlong": "{\"a\":\"\xc0\xaf\"}", "a surrogate in UTF-8": "{\"a\":\"\xed\xa0\x80\"}", "a name not UTF-8": "{\"\xff\":1}",
		"01": `{"a":01}`, "+1": `{"a":+1}`, "1.": `{"a":1.}`, ".1": `{"a":.1}`, "1e": `{"a":1e}`, "hex": `{"a":0x1}`, "NaN": `{"a":NaN}`, "True": `{"a":True}`,
		"twice": `{"a":1,"a":1}`, "twice below": `{"x":[{"a":1,"b":{},"a":1}]}`, "twice, once escaped": `{"a":1,"\u0061":2}`,
		"an escaped name, which no rule would know": `{"adressebeskyttels\u0065":[{"erGjeldende":true}]}`,
		"too deep": deep, "deep lists": `{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, "deep and cut": strings.Repeat(`{"a":`, 1_000_000),
		"too large": `{"a":"` + strings.Repeat("x", person.MaxDocument) + `"}`,
	} {
		d, err := person.ParseDocument([]byte(raw))
		if !errors.Is(err, person.ErrDocument) || d != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	largest := `{"a":"` + strings.Repeat("x", person.MaxDocument-8) + `"}`
	if d, err := person.ParseDocument([]byte(largest)); err != nil || len(d.Root().Member("a").Text()) != person.MaxDocument-8 {
		t.Errorf("a document of the very bound: %v", err)
	}
}

func document(t testing.TB, raw string) *person.Document {
	t.Helper()
	d, err := person.ParseDocument([]byte(raw))
	if err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return d
}

func TestValues(t *testing.T) {
	raw := ` {"navn" : [ {"fornavn":"Å \"\u00e5\"\n","tall":-1.5e3,"erGjeldende":true,"nei":false,"null":null,"":7} ], "tom":{}, "liste":[] } `
	d := document(t, raw)
	if string(d.Raw()) != strings.TrimSpace(raw) || d.Root().Kind() != '{' || d.Root().Name() != nil || string(d.Root().Raw()) != strings.TrimSpace(raw) {
		t.Error("the root is not the document")
	}
	var n person.Value
	for n = range d.Root().Member("navn").Each() {
		if n.Name() != nil {
			t.Errorf("an element is called %q", n.Name())
		}
	}
	f := n.Member("fornavn")
	if f.Text() != "Å \"å\"\n" || string(f.Bare()) != `Å \"\u00e5\"\n` || string(f.Raw()) != `"Å \"\u00e5\"\n"` || string(f.Name()) != "fornavn" || !f.Scalar() {
		t.Errorf("fornavn is %q, bare %q, raw %q", f.Text(), f.Bare(), f.Raw())
	}
	for name, scalar := range map[string]bool{"tall": true, "erGjeldende": true, "nei": true, "null": false, "": true, "mangler": false} {
		v := n.Member(name)
		if v.Scalar() != scalar || v.True() != (name == "erGjeldende") || v.Text() != "" || v.Bare() != nil || v.Exists() == (name == "mangler") {
			t.Errorf("%q is not what it says", name)
		}
	}
	if string(n.Member("").Raw()) != "7" || n.At("fornavn", "mer").Exists() || d.Root().At("tom", "x").Exists() || !d.Root().At().Exists() {
		t.Error("members are found by other names than their own")
	}
	for range d.Root().Member("liste").Each() {
		t.Error("something is in an empty list")
	}
	var none person.Value
	if none.Exists() || none.Kind() != 0 || none.Raw() != nil || none.Name() != nil || none.Text() != "" || none.Bare() != nil || none.Scalar() || none.True() || none.Member("a").Exists() {
		t.Error("the zero Value is something")
	}
	for range none.Each() {
		t.Error("the zero Value has members")
	}
	for v := range d.Root().Each() { // leaving early is allowed
		if string(v.Name()) != "navn" {
			t.Error("members come in another order than they stand")
		}
		break
	}
}

// Every accepted document says the same as encoding/json reads out of it.
func FuzzDocumentSaysWhatEncodingJSONReads(f *testing.F) {
	f.Add([]byte(`{"navn":[{"erGjeldende":true,"fornavn":"\u00c5\ud83d\ude00","x":[-0.5e+3,null,{}]}]}`))
	files, _ := filepath.Glob("../../testdata/persons/*.json")
	for _, name := range files {
		raw, err := os.ReadFile(name) //nolint:gosec // test data
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := person.ParseDocument(raw)
		if err != nil {
			return
		}
		if !utf8.Valid(raw) {
			t.Fatal("a document that is not UTF-8")
		}
		if got, want := tree(d.Root()), decoded(t, raw); !reflect.DeepEqual(got, want) {
			t.Fatalf("%#v is %#v", got, want)
		}
		within(t, d)
	})
}

func ExampleParseDocument() {
	d, err := person.ParseDocument([]byte(`{"navn":[{"erGjeldende":true,"fornavn":"GLAD"},{"erGjeldende":false,"fornavn":"TRIST"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for n := range d.Root().Member("navn").Each() {
		fmt.Println(n.Member("fornavn").Text(), n.Member("erGjeldende").True())
	}
	fmt.Println(d.Gradering() == person.Ugradert, len(d.Numbers()), d.Kommune() == "")
	_, err = person.ParseDocument([]byte(`{"navn":1,"navn":2}`))
	fmt.Println(err)
	// Output:
	// GLAD true
	// TRIST false
	// true 0 true
	// person: not a register document
}
