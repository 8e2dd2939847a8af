package rules

import (
	"go/token"
	"slices"
	"strings"
	"testing"
)

// layers are those of the design, §2. What lies in a package's folder belongs to its layer.
var layers = map[string]int{
	"person": 0, "fault": 0,
	"policy": 1, "redact": 1,
	"store": 2, "queue": 2, "telemetry": 2, "secret": 2,
	"identity": 3, "roles": 3, "freg": 3, "audit": 3, "lists": 3,
	"disclosure": 4,
	"api":        5, "host": 5,
}

// sideways are the imports inside a layer that are meant.
var sideways = map[string]string{
	"redact": "policy",   // redact executes the Grant
	"roles":  "identity", // a role is held by a Caller
	"queue":  "store",    // an order is a write
	"host":   "api",      // the edge writes problems
}

// layered names the package of shared that a path belongs to.
func layered(at string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(at, "shared/")
	name, _, _ = strings.Cut(rest, "/")
	return name, ok
}

func TestLayersImportDownwardsOnly(t *testing.T) {
	for _, p := range folders(t) {
		from, ok := layered(p.path)
		if !ok {
			continue
		}
		if _, ok := layers[from]; !ok {
			t.Errorf("%s is in no layer", p.path)
		}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				to, ok := layered(i)
				if ok && to != from && layers[to] >= layers[from] && sideways[from] != to {
					t.Errorf("%s (layer %d) imports %s (layer %d)", f.name, layers[from], i, layers[to])
				}
				if own(i) && !ok && !(simulated(i) && simulated(p.path)) {
					t.Errorf("%s is shared and imports %s", f.name, i)
				}
			}
		}
	}
}

// pure are the packages that import each other and the standard library only.
var pure = []string{"shared/person", "shared/person/address", "shared/fault", "shared/policy", "shared/policy/katalog", "shared/redact"}

func TestWordsAndJudgementStandAlone(t *testing.T) {
	for _, p := range folders(t) {
		if !slices.Contains(pure, p.path) {
			continue
		}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				if !standard(i) && !slices.Contains(pure, i) {
					t.Errorf("%s imports %s", f.name, i)
				}
			}
		}
	}
}

func TestJudgementHasNoWorldAndNoClock(t *testing.T) {
	forbidden := []string{"context", "log", "log/slog", "os", "net", "net/http", "shared/store", "shared/roles", "shared/host"}
	for _, p := range folders(t) {
		if p.path != "shared/policy" && p.path != "shared/redact" && p.path != "shared/audit/avvik" {
			continue
		}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				if slices.Contains(forbidden, i) {
					t.Errorf("%s imports %s", f.name, i)
				}
			}
			f.selectors(func(pkg, name string, at token.Pos) {
				if pkg == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer"}, name) {
					t.Errorf("%s uses time.%s", f.at(at), name)
				}
			})
		}
	}
}

func TestOnlyTheCorridorMeetsRegisterAndRedaction(t *testing.T) {
	for _, p := range folders(t) {
		if p.path == "shared/disclosure" {
			continue
		}
		seen := map[string]bool{}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				seen[i] = true
			}
		}
		if seen["shared/freg"] && seen["shared/redact"] {
			t.Errorf("%s imports both freg and redact", p.path)
		}
	}
}
