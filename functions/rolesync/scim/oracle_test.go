package scim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// oracle asks two independent libraries of npm's, scim-patch and scim2-parse-filter.
func oracle(t *testing.T) func(any) map[string]any {
	t.Helper()
	modules, err := filepath.Abs("../../../.cache/scim/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(modules + "/scim-patch"); err != nil {
		t.Skip("scim-patch and scim2-parse-filter are not installed: make test does so")
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/oracle.js", modules)
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Skip("there is no node")
	}
	t.Cleanup(func() { _ = in.Close(); _ = node.Wait() })
	lines := bufio.NewScanner(out)
	return func(q any) map[string]any {
		b, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(append(b, '\n')); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() {
			t.Fatal("the oracle is silent")
		}
		var v map[string]any
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
}

var word = rapid.SampledFrom([]string{"a", "b", "ab", "ba", "abc"})

// someUser draws a user in normal form.
func someUser(t *rapid.T) map[string]any {
	r := map[string]any{"userName": word.Draw(t, "userName"), "active": rapid.Bool().Draw(t, "active")}
	if rapid.Bool().Draw(t, "titled") {
		r["title"] = word.Draw(t, "title")
	}
	if rapid.Bool().Draw(t, "named") {
		r["name"] = map[string]any{"givenName": word.Draw(t, "given"), "familyName": word.Draw(t, "family")}
	}
	var mails []any
	for _, sort := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"work", "home", "other"}), 0, 3, rapid.ID[string]).Draw(t, "mails") {
		mails = append(mails, map[string]any{"type": sort, "value": word.Draw(t, "mail")})
	}
	if mails != nil {
		r["emails"] = mails
	}
	return r
}

// someFilter draws a filter of what both understand alike. The library has no rule for ne of what is absent, and
// takes "a and b" of a value path for true where one value has a and another b.
func someFilter(t *rapid.T, depth int) string {
	simple := func() string {
		at := rapid.SampledFrom([]string{"userName", "title", "name.givenName", "name.familyName"}).Draw(t, "at")
		op := rapid.SampledFrom([]string{"eq", "co", "sw", "ew", "pr"}).Draw(t, "op")
		if op == "pr" {
			return at + " pr"
		}
		return fmt.Sprintf("%s %s %q", at, op, word.Draw(t, "want"))
	}
	if depth == 0 {
		return simple()
	}
	switch rapid.IntRange(0, 4).Draw(t, "form") {
	case 0:
		return "(" + someFilter(t, depth-1) + ") and (" + someFilter(t, depth-1) + ")"
	case 1:
		return someFilter(t, depth-1) + " or " + someFilter(t, depth-1)
	case 2:
		return "not (" + someFilter(t, depth-1) + ")"
	case 3:
		return fmt.Sprintf("emails[value sw %q]", word.Draw(t, "mail"))
	}
	return simple()
}

// Filters mean what they mean to an independent library.
func TestFiltersAgainstAnother(t *testing.T) {
	ask := oracle(t)
	rapid.Check(t, func(t *rapid.T) {
		r, text := someUser(t), someFilter(t, 2)
		f, err := User.ParseFilter(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if want := ask(map[string]any{"filter": text, "resource": r}); f.Matches(r) != want["ok"] {
			t.Errorf("%s of %v: %v, the other says %v", text, r, f.Matches(r), want)
		}
	})
}

// A value path is true of one value, not of several together (RFC 7644 § 3.4.2.2).
func TestAValuePathIsOfOneValue(t *testing.T) {
	r := Resource{"emails": []any{map[string]any{"type": "work", "value": "a"}, map[string]any{"type": "home", "value": "b"}}}
	for text, want := range map[string]bool{
		`emails[type eq "work" and value sw "b"]`: false, `emails[type eq "home" and value sw "b"]`: true, `emails.type eq "work" and emails.value sw "b"`: true,
		`emails[not (type eq "work")]`: true, `emails[type ne "work" and type ne "home"]`: false, `title ne "x"`: true, `title eq null`: true,
	} {
		f, err := User.ParseFilter(text)
		if err != nil || f.Matches(r) != want {
			t.Errorf("%s: %v %v", text, f.Matches(r), err)
		}
	}
}

// someOperation draws an operation that both understand alike.
func someOperation(t *rapid.T) map[string]any {
	op := rapid.SampledFrom([]string{"add", "replace", "remove"}).Draw(t, "op")
	o := map[string]any{"op": op}
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		o["path"], o["value"] = "title", word.Draw(t, "title")
	case 1:
		o["path"], o["value"] = "name.givenName", word.Draw(t, "given")
	case 2:
		o["path"], o["value"] = fmt.Sprintf("emails[type eq %q].value", rapid.SampledFrom([]string{"work", "home"}).Draw(t, "type")), word.Draw(t, "mail")
	default:
		o["op"], o["value"] = "replace", map[string]any{"title": word.Draw(t, "title"), "active": rapid.Bool().Draw(t, "active")}
	}
	if o["op"] == "remove" {
		delete(o, "value")
	}
	return o
}

// PATCHes do what they do to an independent library, where both do them.
func TestPatchesAgainstAnother(t *testing.T) {
	ask := oracle(t)
	agreed := 0
	rapid.Check(t, func(t *rapid.T) {
		r := someUser(t)
		operations := []any{}
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			operations = append(operations, someOperation(t))
		}
		body, err := json.Marshal(map[string]any{"schemas": []string{PatchMessage}, "Operations": operations})
		if err != nil {
			t.Fatal(err)
		}
		ops, err := ReadPatch(body)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		got, err := User.Patch(r, ops)
		want, ok := ask(map[string]any{"resource": r, "operations": operations})["resource"].(map[string]any)
		if err != nil || !ok {
			return // what one refuses is in the table of MUSTs
		}
		agreed++
		tidy(want)
		if !reflect.DeepEqual(map[string]any(got), want) {
			t.Errorf("%s of %v:\n%v\nthe other says\n%v", body, r, got, want)
		}
	})
	if agreed == 0 {
		t.Error("nothing was compared")
	}
}

// tidy removes what is empty: RFC 7643 § 2.5 holds it for unset.
func tidy(of map[string]any) {
	for k, v := range of {
		switch v := v.(type) {
		case map[string]any:
			if tidy(v); len(v) == 0 {
				delete(of, k)
			}
		case []any:
			if len(v) == 0 {
				delete(of, k)
			}
		}
	}
}

// Whatever a filter or a PATCH says, it is answered, and what comes of a PATCH is in normal form.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"x"}]}`,
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}]}`,
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","value":{"name.givenName":"x","emails":[{"primary":true}]}}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		ops, err := ReadPatch([]byte(body))
		if err != nil {
			return
		}
		if r, err := User.Patch(Resource{"userName": "a", "emails": []any{map[string]any{"type": "work", "value": "x"}}}, ops); err == nil {
			again, err := User.Normal(r)
			if err != nil || !reflect.DeepEqual(again, r) {
				t.Errorf("%v %v\nis not\n%v", err, again, r)
			}
		}
		_, _, _ = PatchGroup(Resource{"displayName": "g"}, ops)
	})
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{`userName eq "a" and not (emails[type eq "work"] or title pr)`, `meta.created gt "2026-01-01T00:00:00Z"`, `((((((((((title pr))))))))))`} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if parsed, err := User.ParseFilter(text); err == nil {
			parsed.Matches(Resource{"userName": "a", "emails": []any{map[string]any{"type": "work"}}})
		}
	})
}
