package wire

import (
	"encoding/json"
	"maps"
	"slices"

	"hjemmel/shared/policy"
)

// Difference is one member of a role that two versions have differently.
type Difference struct {
	Felt    string          `json:"felt"`
	Fra     json.RawMessage `json:"fra"`
	Til     json.RawMessage `json:"til"`
	Nye     []string        `json:"nye,omitempty"`     // of a list
	Fjernet []string        `json:"fjernet,omitempty"` // of a list
}

// Differences are those of two versions.
type Differences struct {
	Endringer []Difference `json:"endringer"`
}

// NewDifferences compares two versions member by member.
func NewDifferences(from, to policy.Role) Differences {
	out := Differences{[]Difference{}}
	x, y := members(from), members(to)
	for _, felt := range slices.Sorted(maps.Keys(x)) {
		if felt == "versjon" || string(x[felt]) == string(y[felt]) {
			continue
		}
		d := Difference{Felt: felt, Fra: x[felt], Til: y[felt]}
		var was, is []string
		if json.Unmarshal(d.Fra, &was) == nil && json.Unmarshal(d.Til, &is) == nil {
			d.Nye, d.Fjernet = Without(is, was), Without(was, is)
		}
		out.Endringer = append(out.Endringer, d)
	}
	return out
}

// members are those of a role that can differ, each always there.
func members(r policy.Role) map[string]json.RawMessage {
	r.Kommuner, r.Tjenester, r.Hjemler = List(r.Kommuner), List(r.Tjenester), List(r.Hjemler)
	r.Bruksomraader, r.Opplysninger = List(r.Bruksomraader), List(r.Opplysninger)
	m := map[string]json.RawMessage{"kommuner": []byte("[]"), "tjenester": []byte("[]"), "budsjett": []byte("{}"), "noedtilgangTimer": []byte("0"), "listerKreverGodkjenning": []byte("false")}
	if b, err := json.Marshal(r); err == nil {
		_ = json.Unmarshal(b, &m) // what was encoded can be decoded
	}
	return m
}

// Without gives those of all that are not among some.
func Without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}
