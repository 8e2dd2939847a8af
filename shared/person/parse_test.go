package person

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// wellFormed is a library's opinion: one JSON object with unique names.
func wellFormed(raw []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	if dec.PeekKind() != '{' {
		return false
	}
	if err := dec.SkipValue(); err != nil {
		return false
	}
	_, err := dec.ReadToken()
	return err == io.EOF //nolint:errorlint // the documented value
}

// within reports whether the document is inside our bounds, beyond JSON's.
func within(raw []byte) bool {
	depth := 0
	for _, c := range raw {
		switch c {
		case '{', '[':
			depth++
		}
		if c >= 0x80 {
			return false // names are ASCII
		}
	}
	return depth < maxDepth && bytes.Count(raw, []byte{'"'}) < maxMembers && !bytes.Contains(raw, []byte{'\\'})
}

func FuzzParseDocument(f *testing.F) {
	for _, s := range []string{
		`{}`, ` {"a":[1,-0.5e+3,true,false,null,"x"],"b":{"c":{}}} `, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `[]`, `{"a":"\ud83d\ude00"}`,
		`{"a":"\ud83d"}`, `{"a":"\xff"}`, "{\"a\":\"\xc3\x28\"}", `{"a":01}`, `{"a":1,}`, `{"a":[1,]}`, `{"a" 1}`, `{"a":1}x`, `{"a":.5}`, `{"a":1e}`, `{"a":-}`, "{\"a\":\"\n\"}",
		`{"a":tru}`, `{"":""}`, `{"æøå":"ČŊ"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := ParseDocument(raw)
		if err == nil && !wellFormed(raw) {
			t.Fatalf("accepted what the library refuses: %q", raw)
		}
		if err != nil && wellFormed(raw) && within(raw) {
			t.Fatalf("refused what the library accepts: %q", raw)
		}
		if err == nil {
			walk(t, d.Root())
			d.Gradering()
			d.Numbers()
			d.Relatives()
			d.Kommune()
		}
	})
}

// walk visits every value and checks that its bytes are a JSON value of its kind.
func walk(t *testing.T, v Value) {
	t.Helper()
	raw := v.Raw()
	if len(raw) == 0 || !jsontext.Value(raw).IsValid() {
		t.Fatalf("%q is not a value", raw)
	}
	if k := jsontext.Value(raw).Kind(); byte(k) != v.Kind() {
		t.Fatalf("%q is %c and not %c", raw, k, v.Kind())
	}
	for c := range v.Each() {
		walk(t, c)
	}
}

func TestBoundsOfADocument(t *testing.T) {
	nested := strings.Repeat(`{"a":`, maxDepth-1) + `1` + strings.Repeat(`}`, maxDepth-1)
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(`,"n` + strings.Repeat("x", i) + `":1`)
		}
		return "{" + b.String()[1:] + "}"
	}
	for s, ok := range map[string]bool{
		nested: true, `{"a":` + nested + `}`: false, many(maxMembers): true, many(maxMembers + 1): false,
		`{"\u006eavn":1}`: false, `{"a":"\u006eavn"}`: true,
	} {
		if _, err := ParseDocument([]byte(s)); (err == nil) != ok {
			t.Errorf("%.60s…: %v", s, err)
		}
	}
	if _, err := ParseDocument(append([]byte(`{"a":"`), make([]byte, MaxDocument)...)); err == nil {
		t.Error("a document over the bound is taken")
	}
}
