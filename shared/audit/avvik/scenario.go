// Package avvik judges what is written in the audit log by what looks like misuse: ten scenarios, each with what it weighs
// and why in words, and how two persons close what was found. It is pure: no state, no clock, no register.
//
// What it finds is a question and never a verdict. It judges by what an entry says and by counts alone, knows persons as
// the log's pseudonyms, and refuses to put one employee above another: each is measured by their own days and by what
// is usual in the role. It refuses to let whoever a finding is about, or one person alone, close it.
package avvik

import (
	"slices"
	"strings"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/policy"
	"hjemmel/shared/redact"
)

// Scenario is one sign of misuse.
type Scenario string

// The scenarios.
const (
	EgenPerson  Scenario = "EGEN_PERSON"
	Familie     Scenario = "FAMILIE"
	Adresse     Scenario = "SAMME_ADRESSE"
	Kollega     Scenario = "KOLLEGA"
	Mange       Scenario = "MANGE_OPPSLAG"
	Utenfor     Scenario = "UTENFOR_ARBEIDSTID"
	Proeving    Scenario = "PROEVING"
	EtterAvslag Scenario = "GJENTATT_ETTER_AVSLAG"
	MangeSer    Scenario = "MANGE_SER_SAMME_PERSON"
	UtenSak     Scenario = "SOEK_UTEN_SAK"
)

// MaxPoeng is the highest score of an entry.
const MaxPoeng = 1000

// Grunn (reason) is a scenario that an entry fits: what it weighs, and the counts that it was judged by.
type Grunn struct {
	Scenario Scenario       `json:"scenario"`
	Poeng    int            `json:"poeng"`
	Fakta    map[string]int `json:"fakta,omitempty"`
}

// sign is how a scenario is seen.
type sign struct {
	scenario Scenario
	poeng    int
	once     once
	fits     func(judged) (fakta map[string]int, ok bool)
}

// once is of what a scenario is told once a day: a search with thirty hits has thirty entries.
type once int

const (
	aPerson   once = iota // an employee and a person
	anActor               // an employee
	everybody             // a person, whoever asked
)

// signs are all of them, with what they weigh. Weights add up, to MaxPoeng at most.
var signs = []sign{
	{EgenPerson, 500, aPerson, byRule(redact.EgenPerson)},
	{Familie, 500, aPerson, byRule(redact.Familie)},
	{Adresse, 400, aPerson, byRule(redact.SammeAdresse)},
	{Kollega, 300, aPerson, func(j judged) (map[string]int, bool) { return nil, j.Kollega }},
	{Mange, 400, anActor, judged.spike},
	{Utenfor, 150, anActor, judged.offHours},
	{Proeving, 500, anActor, judged.trying},
	{EtterAvslag, 400, aPerson, judged.again},
	{MangeSer, 400, everybody, judged.watched},
	{UtenSak, 150, anActor, judged.withoutCase},
}

// Looked reports whether an entry is of what is judged: what an employee asked about persons, however it went. A count is not,
// for it is asked while somebody types. Whether the actor is an employee the entry does not say.
func Looked(e audit.Entry) bool {
	return slices.Contains(looks, policy.Action(e.Handling)) && e.Utfall != audit.Feilet && audit.Plain(e.FiksOrgID) && audit.Plain(e.Aktor)
}

var (
	looks    = append([]policy.Action{policy.Oppslag, policy.Bulkoppslag, policy.Oppvekst}, searches...)
	searches = []policy.Action{policy.SoekTreff, policy.EntydigSoek, policy.Personsoek}
)

// overridden (overstyrt) stands among an entry's rules where a reason set habilitet aside.
const overridden = "habilitet-overstyrt"

// byRule holds where the corridor found it when it judged habilitet, whether it refused or a reason was given.
func byRule(id policy.RuleID) func(judged) (map[string]int, bool) {
	return func(j judged) (map[string]int, bool) {
		return map[string]int{"overstyrt": count(slices.Contains(j.Regler, overridden))}, slices.Contains(j.Regler, string(id))
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// spike holds where the day has as many as count at all, and many times what both the employee and the role have on
// days that they ask. Somebody new is measured by the role, a new role by the least that counts.
func (j judged) spike() (map[string]int, bool) {
	day := dayOf(j.Tid)
	n := j.Ansatt.Dager[day] + count(j.Subjekt != "")
	own, others := j.Ansatt.usual(day), j.Rollen.usual(day)
	return map[string]int{"antall": n, "ansatt": round(own), "rolle": round(others)},
		j.Subjekt != "" && n >= j.Regel.ToppMinst && float64(n) >= float64(j.Regel.ToppGanger)*max(own, others)
}

func round(f float64) int { return int(f + 0.5) }

// offHours is before and after the organisation's hours, in Oslo, and weekends where they are none.
func (j judged) offHours() (map[string]int, bool) {
	at := j.Tid.In(policy.Oslo())
	weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
	return map[string]int{"time": at.Hour(), "helg": count(weekend)},
		weekend && !j.Regel.HelgErArbeidstid || at.Hour() < j.Regel.ArbeidstidFra || at.Hour() >= j.Regel.ArbeidstidTil
}

// trying holds where nobody was found many times within an hour, as for somebody who tries numbers.
func (j judged) trying() (map[string]int, bool) {
	n := len(j.Ansatt.missed(j.Tid)) + 1
	return map[string]int{"antall": n}, j.Utfall == audit.IngenData && n >= j.Regel.BomPerTime
}

// again holds where the employee was refused this person within a day.
func (j judged) again() (map[string]int, bool) {
	at, refused := j.Ansatt.Avslag[j.Subjekt]
	since := j.Tid.Sub(at)
	return map[string]int{"minutter": int(since.Minutes())}, j.Subjekt != "" && refused && since >= 0 && since < refusalLife
}

// watched holds where many employees have asked about the person within a week.
func (j judged) watched() (map[string]int, bool) {
	n := len(j.concerned())
	return map[string]int{"antall": n}, j.Subjekt != "" && n >= j.Regel.AnsattePerPerson
}

// withoutCase is a search for which no purpose or case was stated.
func (j judged) withoutCase() (map[string]int, bool) {
	return nil, slices.Contains(searches, policy.Action(j.Handling)) && strings.TrimSpace(j.Formaal) == ""
}
