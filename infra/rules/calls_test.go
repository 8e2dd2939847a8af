package rules

import (
	"go/token"
	"slices"
	"strings"
	"testing"
)

// revealing are the packages that may take the digits out of a person.ID, and why.
var revealing = map[string]string{
	"shared/person":              "its own methods look at single digits",
	"shared/freg":                "the register is asked by number",
	"shared/api":                 "answers give the number to those who asked for it",
	"shared/audit":               "makes pseudonyms and sealed numbers",
	"shared/lists":               "seals the numbers that a list remembers between two steps",
	"shared/roles":               "hashes an employee's number for its index",
	"shared/roles/synced":        "hashes a synced user's number for the same index",
	"functions/lookup/reference": "seals a number in a reference, and binds it to the employee's own",
	"infra/devhost":              "prints synthetic numbers to try with",
	"infra/bench":                "asks simulators for synthetic persons",
}

func TestNumbersAreRevealedInFewPlaces(t *testing.T) {
	used := map[string]bool{}
	for _, p := range folders(t) {
		if p.simulated() {
			continue
		}
		for _, f := range p.code() {
			f.selectors(func(_, name string, at token.Pos) {
				if name != "Reveal" {
					return
				}
				if used[p.path] = true; revealing[p.path] == "" {
					t.Errorf("%s takes the digits out of a number", f.at(at))
				}
			})
		}
	}
	for at := range revealing {
		if !used[at] && !strings.HasPrefix(at, "infra/") {
			t.Errorf("%s may reveal numbers and does not: strike it off", at)
		}
	}
}

// clocks are the files outside commands and simulators that may read the time themselves, and why.
// Everything else is given the time, so that a test can say what it is.
var clocks = map[string]string{
	"infra/bench/synk/synk.go":    "measures",
	"shared/host/env.go":          "hands the clock to everything else",
	"shared/identity/verifier.go": "its clock where the configuration gives none",
	"shared/freg/token.go":        "how long a token of Maskinporten's is good; the register's own time does not come into it",
}

func TestTheClockIsReadInFewPlaces(t *testing.T) {
	for _, p := range folders(t) {
		if p.simulated() || p.main() {
			continue
		}
		for _, f := range p.code() {
			f.selectors(func(pkg, name string, at token.Pos) {
				if pkg == "time" && slices.Contains([]string{"Now", "Since", "Until"}, name) && clocks[f.name] == "" {
					t.Errorf("%s uses time.%s", f.at(at), name)
				}
			})
		}
	}
}

// What is told goes to a caller, an error or the structured log, never past them.
func TestNothingIsPrinted(t *testing.T) {
	for _, p := range folders(t) {
		if p.main() {
			continue
		}
		for _, f := range p.code() {
			f.selectors(func(pkg, name string, at token.Pos) {
				if (pkg == "fmt" && strings.HasPrefix(name, "Print")) || pkg == "log" {
					t.Errorf("%s uses %s.%s", f.at(at), pkg, name)
				}
				// The default logger writes any attribute; telemetry's writes those known to be safe.
				if pkg == "log/slog" && slices.Contains([]string{"Info", "Warn", "Error", "Debug", "Log", "LogAttrs", "Default", "SetDefault", "InfoContext", "WarnContext", "ErrorContext", "DebugContext"}, name) {
					t.Errorf("%s uses slog.%s, the default logger", f.at(at), name)
				}
			})
		}
	}
}
