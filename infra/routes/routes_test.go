package routes

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func everything(t *testing.T) []Function {
	t.Helper()
	all, err := All(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sent tells whom the rules send a path to.
func sent(t rapid.TB, rules []Rule, path string) string {
	t.Helper()
	for _, r := range rules {
		if ok, err := regexp.MatchString(r.Regexp(), path); err != nil {
			t.Fatal(err)
		} else if ok {
			return r.Function
		}
	}
	return ""
}

// The rules send every path where one mux of all routes would: the dev host is the oracle.
func TestTheRulesSendWhereTheMuxDoes(t *testing.T) {
	all := everything(t)
	rules := Rules(all)
	mux, owner, parts := http.NewServeMux(), map[string]string{}, []string{"10000001-0000-4000-8000-000000000001", "x"}
	for _, f := range all {
		for _, p := range f.Patterns {
			mux.Handle(p, http.NotFoundHandler())
			owner[p] = f.Name
			path := strings.ReplaceAll(strings.ReplaceAll(pathOf(p), "**", "a/b"), "*", "7")
			if got := sent(t, rules, path); got != f.Name {
				t.Errorf("%s of %s is sent to %q", p, f.Name, got)
			}
			for _, part := range strings.Split(pathOf(p), "/") {
				if !slices.Contains(parts, part) && part != "" && part[0] != '*' {
					parts = append(parts, part)
				}
			}
		}
	}
	patterns := slices.Sorted(maps.Keys(owner))
	rapid.Check(t, func(t *rapid.T) {
		path := pathOf(rapid.SampledFrom(patterns).Draw(t, "pattern"))
		for strings.Contains(path, "*") { // any part is drawn from the literals of all paths too, where they could mislead
			path = strings.Replace(path, "*", rapid.SampledFrom(parts).Draw(t, "part"), 1)
		}
		method := rapid.SampledFrom([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}).Draw(t, "method")
		if _, pattern := mux.Handler(httptest.NewRequest(method, path, nil)); owner[pattern] != "" && sent(t, rules, path) != owner[pattern] {
			t.Fatalf("%s %s is %s's (%s) and sent to %s", method, path, owner[pattern], pattern, sent(t, rules, path))
		}
	})
}

func TestRulesAreFewAndOrdered(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []Function
		want []Rule
	}{
		{"one owns all below", []Function{{Name: "a", Patterns: []string{"GET /x/y/{id}", "POST /x/y/z"}}}, []Rule{{"/x/**", "a"}}},
		{"two share a part", []Function{{Name: "a", Patterns: []string{"GET /r/{id}/one"}}, {Name: "b", Patterns: []string{"GET /r/{id}/two/{x}"}}},
			[]Rule{{"/r/*/one", "a"}, {"/r/*/two/**", "b"}}},
		{"any beside a literal", []Function{{Name: "a", Patterns: []string{"GET /r/soek/x"}}, {Name: "b", Patterns: []string{"GET /r/{id}/oppvekst"}}},
			[]Rule{{"/r/soek/x", "a"}, {"/r/*/**", "b"}}},
		{"the end of a path and below", []Function{{Name: "a", Patterns: []string{"GET /r/{$}", "GET /r"}}, {Name: "b", Patterns: []string{"GET /r/{id}"}}},
			[]Rule{{"/r", "a"}, {"/r/", "a"}, {"/r/*", "b"}}},
		{"the rest", []Function{{Name: "a", Patterns: []string{"GET /x/{sti...}"}}, {Name: "b", Patterns: []string{"GET /x/y"}}}, []Rule{{"/x/y", "b"}, {"/x/**", "a"}}},
	} {
		if got := Rules(c.in); !slices.Equal(got, append(c.want, Rule{"/**", Default})) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The settings that a function opens are few: only who asks the register holds the key to it, and only the log its own.
func TestFunctionsNeedLittle(t *testing.T) {
	never := map[string][]string{
		"audit":     {"HJEMMEL_MASKINPORTEN_KEY", "HJEMMEL_FREG_URL", "HJEMMEL_LISTS"},
		"admin":     {"HJEMMEL_MASKINPORTEN_KEY", "HJEMMEL_FREG_URL", "HJEMMEL_LOGG_KEY", "HJEMMEL_LOGG", "HJEMMEL_LISTS"},
		"lookup":    {"HJEMMEL_LOGG_KEY", "HJEMMEL_LOGG", "HJEMMEL_LISTS"},
		"listorder": {"HJEMMEL_LOGG_KEY", "HJEMMEL_LOGG"},
	}
	for _, f := range everything(t) {
		t.Log(f.Name, f.Needs)
		for _, n := range never[f.Name] {
			if slices.Contains(f.Needs, n) {
				t.Errorf("%s opens %s", f.Name, n)
			}
		}
		if !slices.Contains(f.Needs, "HJEMMEL_STATE") {
			t.Errorf("%s opens no state: %v", f.Name, f.Needs)
		}
	}
}
