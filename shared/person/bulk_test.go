package person_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hjemmel/shared/person"
)

// A document in a bulk answer says what it says by itself, and nothing of its neighbours.
func TestABulkHoldsItsDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfN(rapid.Custom(anyID), 0, 5).Draw(t, "ids")
		docs, answers := map[int]string{}, make([]string, len(ids))
		for i, id := range ids {
			answers[i] = fmt.Sprintf(`{"foedselsEllerDNummer":%q`, id)
			if rapid.Bool().Draw(t, "known") {
				w := &writer{t: t}
				w.object(0)
				docs[i] = w.b.String()
				answers[i] += `, "folkeregisterperson": ` + docs[i]
			}
			answers[i] += `}`
		}
		got, err := person.ParseBulk([]byte(`{"oppslag":[` + strings.Join(answers, " ,\n") + `]}`))
		if err != nil || len(got) != len(ids) {
			t.Fatalf("%d answers of %d: %v", len(got), len(ids), err)
		}
		for i, a := range got {
			doc, known := docs[i]
			if a.ID.Reveal() != ids[i] || (a.Document != nil) != known {
				t.Fatalf("answer %d is another's", i)
			}
			if !known {
				continue
			}
			if string(a.Document.Raw()) != doc || !reflect.DeepEqual(tree(a.Document.Root()), decoded(t, []byte(doc))) {
				t.Fatalf("%q is read as %q", doc, a.Document.Raw())
			}
			alone, err := person.ParseDocument([]byte(doc))
			if err != nil || alone.Gradering() != a.Document.Gradering() || alone.Kommune() != a.Document.Kommune() {
				t.Fatalf("%q says otherwise by itself: %v", doc, err)
			}
		}
	})
}

func TestParseBulkRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": ``, "no list": `{}`, "an object": `{"oppslag":{}}`, "null": `{"oppslag":null}`, "a list": `[]`, "more": `{"oppslag":[]}1`, "cut": `{"oppslag":[{}`,
		"an answer about nobody": `{"oppslag":[{}]}`, "no object": `{"oppslag":[1]}`, "an impossible number": `{"oppslag":[{"foedselsEllerDNummer":"14827849806"}]}`,
		"a number twice":       `{"oppslag":[{"foedselsEllerDNummer":"14827849805","foedselsEllerDNummer":"14827849805"}]}`,
		"a document not whole": `{"oppslag":[{"foedselsEllerDNummer":"14827849805","folkeregisterperson":{"a":1,"a":2}}]}`,
		"too large":            `{"oppslag":[]` + strings.Repeat(" ", person.MaxBulk) + `}`,
	} {
		if got, err := person.ParseBulk([]byte(raw)); !errors.Is(err, person.ErrDocument) || got != nil {
			t.Errorf("%s: %d answers, %v", name, len(got), err)
		}
	}
	// What stands in the document's place and is none is no document.
	for _, raw := range []string{`null`, `[]`, `"x"`, `{}`} {
		got, err := person.ParseBulk([]byte(`{"oppslag":[{"foedselsEllerDNummer":"14827849805","folkeregisterperson":` + raw + `}]}`))
		if err != nil || len(got) != 1 || (got[0].Document != nil) != (raw == `{}`) {
			t.Errorf("%s is taken for a document: %v", raw, err)
		}
	}
}
