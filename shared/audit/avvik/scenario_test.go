package avvik_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/avvik"
)

// oslo is a moment of an ordinary Tuesday.
func oslo(hour, minute int) time.Time { return time.Date(2026, 11, 24, hour-1, minute, 0, 0, time.UTC) }

const today, yesterday = "2026-11-24", "2026-11-23"

// asked is a lookup about p at noon, by somebody of whom nothing is remembered.
type asked struct {
	audit.Entry
	avvik.Window
}

func lookup(change func(*asked)) asked {
	a := asked{
		audit.Entry{
			FiksOrgID: "org", Aktor: "a", Rolle: "r", Handling: "oppslag", Subjekt: "p", Utfall: audit.Utlevert, Tid: oslo(12, 0), Formaal: "sak 1",
			Skriver: "0123456789abcdef0123", Nr: 7,
		},
		avvik.Window{Regel: avvik.Undecided(), Ansatt: &avvik.Habit{}, Rollen: &avvik.Crowd{}, Interesse: &avvik.Interest{}},
	}
	a.Regel.Grense = 100
	change(&a)
	return a
}

func (a asked) judge() (int, []avvik.Grunn, []string) { return avvik.Judge(a.Entry, a.Window) }

func rules(ids ...string) func(*asked) { return func(a *asked) { a.Regler = ids } }

func at(hour, minute, daysOn int) func(*asked) {
	return func(a *asked) { a.Tid = oslo(hour, minute).AddDate(0, 0, daysOn) }
}

// day is how many the employee has asked about today, on a day before, and the role's on a day before.
func day(n, before int, role avvik.Tally) func(*asked) {
	return func(a *asked) {
		a.Ansatt.Dager = map[string]int{today: n}
		if before > 0 {
			a.Ansatt.Dager[yesterday] = before
		}
		a.Rollen.Dager = map[string]avvik.Tally{yesterday: role, today: {9000, 1}}
	}
}

// missed asks in vain after n others at a time.
func missed(n int, when time.Time) func(*asked) {
	return func(a *asked) {
		a.Utfall = audit.IngenData
		a.Ansatt.Bom = slices.Repeat([]time.Time{when}, n)
	}
}

func refused(whom string, when time.Time) func(*asked) {
	return func(a *asked) { a.Ansatt.Avslag = map[string]time.Time{whom: when} }
}

// seenBy is n others who asked about p at a time.
func seenBy(n int, when time.Time) func(*asked) {
	return func(a *asked) {
		a.Interesse.Ansatte = map[string]time.Time{}
		for i := range n {
			a.Interesse.Ansatte[fmt.Sprintf("b%02d", i)] = when
		}
	}
}

func search(handling, formaal string) func(*asked) {
	return func(a *asked) { a.Handling, a.Subjekt, a.Formaal = handling, "", formaal }
}

func nothing(*asked) {}

// Each scenario is seen, and not where one thing is otherwise.
func TestScenarios(t *testing.T) {
	for _, c := range []struct {
		name       string
		scenario   avvik.Scenario
		does, near func(*asked)
	}{
		{"own record, refused", avvik.EgenPerson, rules("egen-person"), rules("habilitet-ukjent")},
		{"family, refused", avvik.Familie, rules("habilitet-familie"), rules("geografi")},
		{"family, with a reason", avvik.Familie, rules("habilitet-overstyrt", "habilitet-familie"), rules("habilitet-overstyrt", "habilitet-ukjent")},
		{"the same home", avvik.Adresse, rules("habilitet-adresse"), rules("noedtilgang")},
		{"a colleague", avvik.Kollega, func(a *asked) { a.Kollega = true }, nothing},
		{"many in a day, new employee, new role", avvik.Mange, day(39, 0, avvik.Tally{}), day(38, 0, avvik.Tally{})},
		{"many against own days", avvik.Mange, day(79, 20, avvik.Tally{}), day(78, 20, avvik.Tally{})},
		{"many against the role's", avvik.Mange, day(59, 0, avvik.Tally{Personer: 30, Ansatte: 2}), day(58, 0, avvik.Tally{Personer: 30, Ansatte: 2})},
		{"many, and nobody is asked about", avvik.Mange, day(50, 0, avvik.Tally{}), func(a *asked) { day(50, 0, avvik.Tally{})(a); a.Subjekt = "" }},
		{"in the evening", avvik.Utenfor, at(20, 0, 0), at(19, 59, 0)},
		{"at dawn", avvik.Utenfor, at(5, 59, 0), at(6, 0, 0)},
		{"on a Saturday", avvik.Utenfor, at(12, 0, 4), at(12, 0, 3)},
		{"on a Sunday, where weekends are worked", avvik.Utenfor, at(12, 0, 5), func(a *asked) { at(12, 0, 5)(a); a.Regel.HelgErArbeidstid = true }},
		{"trying numbers", avvik.Proeving, missed(9, oslo(11, 30)), missed(8, oslo(11, 30))},
		{"trying within an hour", avvik.Proeving, missed(9, oslo(11, 1)), missed(9, oslo(11, 0))},
		{"trying, and somebody is found", avvik.Proeving, missed(20, oslo(11, 30)), func(a *asked) { missed(20, oslo(11, 30))(a); a.Utfall = audit.Utlevert }},
		{"refused an hour ago", avvik.EtterAvslag, refused("p", oslo(11, 0)), refused("q", oslo(11, 0))},
		{"refused within a day", avvik.EtterAvslag, refused("p", oslo(12, 1).AddDate(0, 0, -1)), refused("p", oslo(12, 0).AddDate(0, 0, -1))},
		{"much looked at", avvik.MangeSer, seenBy(9, oslo(11, 0)), seenBy(8, oslo(11, 0))},
		{"much looked at within a week", avvik.MangeSer, seenBy(9, oslo(12, 1).AddDate(0, 0, -7)), seenBy(9, oslo(12, 0).AddDate(0, 0, -7))},
		{"a search for persons without a case", avvik.UtenSak, search("personsoek", " "), search("personsoek", "sak 1")},
		{"the proxy's search", avvik.UtenSak, search("soek", ""), search("oppslag", "")},
	} {
		if score, why, _ := lookup(c.does).judge(); len(why) != 1 || why[0].Scenario != c.scenario || score != why[0].Poeng {
			t.Errorf("%s: %d %v", c.name, score, why)
		}
		if score, why, whom := lookup(c.near).judge(); score != 0 || why != nil || whom != nil {
			t.Errorf("%s, and not: %d %v", c.name, score, why)
		}
		off := lookup(c.does)
		off.Regel.Av = []avvik.Scenario{c.scenario}
		if score, _, _ := off.judge(); score != 0 {
			t.Errorf("%s is switched off and weighs %d", c.name, score)
		}
	}
}

func TestWeightsAddUpToTheLine(t *testing.T) {
	late := func(a *asked) { at(22, 0, 0)(a); a.Regel.Grense = 300 }
	for name, c := range map[string]struct {
		change func(*asked)
		want   int
	}{
		"late alone":              {late, 0},
		"late, without a case":    {func(a *asked) { late(a); search("soek", "")(a) }, 300},
		"late, about a colleague": {func(a *asked) { late(a); a.Kollega = true }, 450},
		"a line above":            {func(a *asked) { late(a); a.Kollega, a.Regel.Grense = true, 451 }, 0},
		"everything about oneself": {func(a *asked) {
			late(a)
			a.Kollega = true
			rules("egen-person", "habilitet-familie", "habilitet-adresse")(a)
		}, avvik.MaxPoeng},
	} {
		if got, _, _ := lookup(c.change).judge(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// What is told of is told once a day: of an employee and a person, of an employee, or of a person whoever asks.
func TestWhatIsToldOfOnceADay(t *testing.T) {
	other := func(a *asked) { a.Aktor, a.Ansatt = "c", &avvik.Habit{} }
	somebodyElse := func(a *asked) { a.Subjekt, a.Interesse = "q", &avvik.Interest{} }
	tomorrow := func(a *asked) { a.Tid = a.Tid.AddDate(0, 0, 1) }
	for name, c := range map[string]struct {
		first func(*asked)
		again map[string]func(*asked) // what is told of anew
		not   map[string]func(*asked)
	}{
		"family":         {rules("habilitet-familie"), map[string]func(*asked){"another person": somebodyElse, "tomorrow": tomorrow, "another employee": other}, map[string]func(*asked){"the same": nothing}},
		"trying":         {missed(20, oslo(11, 59)), map[string]func(*asked){"another employee": func(a *asked) { other(a); missed(20, oslo(11, 59))(a) }}, map[string]func(*asked){"another person": somebodyElse}},
		"much looked at": {seenBy(20, oslo(11, 0)), map[string]func(*asked){"tomorrow": tomorrow}, map[string]func(*asked){"another employee": other}},
		"off hours":      {at(23, 0, 0), map[string]func(*asked){"tomorrow": tomorrow, "another employee": other}, map[string]func(*asked){"another person": somebodyElse}},
		"no case":        {search("personsoek", ""), map[string]func(*asked){"tomorrow": tomorrow}, map[string]func(*asked){"another hit": func(a *asked) { a.Subjekt = "q" }}},
	} {
		for want, more := range map[bool]map[string]func(*asked){true: c.again, false: c.not} {
			for which, change := range more {
				a := lookup(c.first)
				_, why, _ := a.judge()
				avvik.Remember(a.Entry, a.Window, why)
				change(&a)
				if score, _, _ := a.judge(); len(why) != 1 || score > 0 != want {
					t.Errorf("%s, then %s: %d after %v", name, which, score, why)
				}
			}
		}
	}
}

// A finding of a person concerns all who have asked, in the order of their ids; every other whoever asked alone.
func TestWhomItConcerns(t *testing.T) {
	if _, _, whom := lookup(seenBy(9, oslo(11, 0))).judge(); len(whom) != 10 || whom[0] != "a" || !slices.IsSorted(whom) {
		t.Errorf("%v", whom)
	}
	if _, _, whom := lookup(rules("egen-person")).judge(); !slices.Equal(whom, []string{"a"}) {
		t.Errorf("%v", whom)
	}
}

func TestWhatIsRememberedIsForgotten(t *testing.T) {
	a := lookup(func(a *asked) { a.Utfall = audit.Avslag; seenBy(3, oslo(11, 0))(a) })
	avvik.Remember(a.Entry, a.Window, nil)
	if a.Ansatt.Dager[today] != 1 || a.Rollen.Dager[today] != (avvik.Tally{Personer: 1, Ansatte: 1}) || len(a.Ansatt.Avslag) != 1 || len(a.Interesse.Ansatte) != 4 {
		t.Fatalf("%+v %+v %+v", a.Ansatt, a.Rollen, a.Interesse)
	}
	avvik.Remember(a.Entry, a.Window, nil)
	if a.Rollen.Dager[today] != (avvik.Tally{Personer: 2, Ansatte: 1}) {
		t.Errorf("%+v", a.Rollen)
	}
	for daysOn, stale := range map[int]bool{27: false, 28: true} {
		now := a.Tid.AddDate(0, 0, daysOn)
		if a.Ansatt.Stale(now) != stale || a.Rollen.Stale(now) != stale {
			t.Errorf("after %d days", daysOn)
		}
	}
	if a.Interesse.Stale(a.Tid.AddDate(0, 0, 6)) || !a.Interesse.Stale(a.Tid.AddDate(0, 0, 7)) {
		t.Error("a person's")
	}
	a.Tid = a.Tid.AddDate(0, 0, 29)
	a.Utfall = audit.Utlevert
	avvik.Remember(a.Entry, a.Window, nil)
	if len(a.Ansatt.Dager) != 1 || len(a.Rollen.Dager) != 1 || len(a.Interesse.Ansatte) != 1 || len(a.Ansatt.Avslag) != 0 {
		t.Errorf("%+v %+v %+v", a.Ansatt, a.Rollen, a.Interesse)
	}
}

// However much somebody asks, and however many ask about one, what is remembered of them fits beside others'.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	a := lookup(func(a *asked) { a.Utfall = audit.Avslag; rules("habilitet-familie")(a) })
	for i := range 2000 {
		a.Subjekt, a.Aktor = fmt.Sprintf("%043d", i), fmt.Sprintf("%064d", i)
		if i%2 == 0 {
			a.Utfall = audit.IngenData
		} else {
			a.Utfall = audit.Avslag
		}
		_, why, _ := a.judge()
		avvik.Remember(a.Entry, a.Window, why)
	}
	for name, v := range map[string]any{"habit": a.Ansatt, "crowd": a.Rollen, "interest": a.Interesse} {
		if b, err := json.Marshal(v); err != nil || len(b) > 25_000 {
			t.Errorf("%s has %d bytes, %v", name, len(b), err)
		}
	}
}

// Only what employees ask about persons is looked at.
func TestWhatIsLookedAt(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*asked)
		want   bool
	}{
		"a lookup":            {nothing, true},
		"a refusal":           {func(a *asked) { a.Utfall = audit.Avslag }, true},
		"a failure":           {func(a *asked) { a.Utfall = audit.Feilet }, false},
		"a list":              {func(a *asked) { a.Handling = "innbyggerliste" }, false},
		"a count":             {func(a *asked) { a.Handling = "antallsoek" }, false},
		"reading the log":     {func(a *asked) { a.Handling = "loggsoek" }, false},
		"nobody that we know": {func(a *asked) { a.Aktor = "" }, false},
		"an odd id":           {func(a *asked) { a.Aktor = "a/b" }, false},
	} {
		if avvik.Looked(lookup(c.change).Entry) != c.want {
			t.Error(name)
		}
	}
}

// Reasons stand in three languages, with their counts and without anything of the entry's.
func TestReasonsInWords(t *testing.T) {
	for want, change := range map[string]func(*asked){
		"Den ansatte spurte om noen i nær familie og oppga en grunn.":                                            rules("habilitet-overstyrt", "habilitet-familie"),
		"Den ansatte spurte om noen de bor sammen med og fikk avslag.":                                           rules("habilitet-adresse"),
		"Den ansatte spurte om 80 personer denne dagen. Selv pleier de å spørre om 20, og andre i rollen om 15.": day(79, 20, avvik.Tally{Personer: 30, Ansatte: 2}),
		"Det ble spurt utenfor arbeidstiden, i timen fra klokka 05.":                                             at(5, 1, 0),
		"Det ble spurt utenfor arbeidstiden, i timen fra klokka 12 i en helg.":                                   at(12, 0, 4),
		"Den ansatte spurte 10 ganger på en time uten at noen ble funnet, slik en som prøver seg fram, gjør.":    missed(9, oslo(11, 30)),
		"Den ansatte spurte på nytt om en person de fikk avslag om for 60 minutter siden.":                       refused("p", oslo(11, 0)),
		"10 ansatte har spurt om denne personen den siste uka.":                                                  seenBy(9, oslo(11, 0)),
		"Det ble søkt etter personer uten at formål eller sak var oppgitt.":                                      search("soek", ""),
		"Den ansatte spurte om en kollega i samme organisasjon.":                                                 func(a *asked) { a.Kollega = true },
		"Den ansatte spurte om seg selv.":                                                                        rules("egen-person"),
	} {
		_, why, _ := lookup(change).judge()
		o := why[0].Tekst()
		if o.Nb != want {
			t.Errorf("%q, want %q", o.Nb, want)
		}
		for _, text := range []string{o.Nn, o.En} {
			if text == "" || text == o.Nb || strings.Contains(text, "%") {
				t.Errorf("%q", text)
			}
		}
	}
}

func TestRulesHaveBounds(t *testing.T) {
	if bad := avvik.Undecided().Wrong(); bad != nil {
		t.Errorf("%v", bad)
	}
	for name, change := range map[string]func(*avvik.Regel){
		"grense":        func(r *avvik.Regel) { r.Grense = 99 },
		"toppMinst":     func(r *avvik.Regel) { r.ToppMinst = 1001 },
		"arbeidstidTil": func(r *avvik.Regel) { r.ArbeidstidTil = r.ArbeidstidFra },
		"av":            func(r *avvik.Regel) { r.Av = []avvik.Scenario{"NOE_ANNET"} },
	} {
		r := avvik.Undecided()
		change(&r)
		if bad := r.Wrong(); !slices.Equal(bad, []string{name}) {
			t.Errorf("%s: %v", name, bad)
		}
	}
	twice := avvik.Undecided()
	twice.Av = []avvik.Scenario{avvik.Kollega, avvik.Kollega}
	if bad := twice.Wrong(); !slices.Equal(bad, []string{"av"}) {
		t.Errorf("%v", bad)
	}
	to := avvik.Undecided()
	to.Av, to.Grense, to.HelgErArbeidstid = []avvik.Scenario{avvik.Utenfor}, 400, true
	if got := avvik.Undecided().Changed(to); !slices.Equal(got, []string{"UTENFOR_ARBEIDSTID", "grense", "helgErArbeidstid"}) {
		t.Errorf("%v", got)
	}
}
