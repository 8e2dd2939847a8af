package rolesync_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/identity/dirsim"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/pulled"
	"hjemmel/shared/store/sqlite"
	"hjemmel/shared/store/storetest"
)

// pulling is a world with a source of its own that is read.
type pulling struct {
	*world
	kilde, at string
	setup     string
}

// henting is what an administrator is answered.
type henting struct {
	Siste pulled.Status `json:"sisteHenting"`
}

func (w *world) pulling(t testing.TB, sort string, more string) *pulling {
	t.Helper()
	a := w.as(administrator, "POST", configuration+bergen, `{"navn":"hentet"}`)
	kilde := a.text("id", "id")
	if kilde == "" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	p := &pulling{w, kilde, "/hjemmel/v1/organisasjoner/" + bergen + "/kilder/" + kilde + "/henting", ""}
	p.setup = `{"type":"SCIM","adresse":"` + w.Base + `/sim/identitetssystem/scim","nummerfelt":"` + scim.PersonSchema + `:foedselsnummer"`
	if sort == "GRAPH" {
		p.setup = `{"type":"GRAPH","tenant":"` + dirsim.Tenant + `","klientId":"` + dirsim.ClientID + `","nummerfelt":"` + dirsim.Number + `"`
	}
	p.setup += more
	if a := p.as(administrator, "PUT", p.at, p.setup+`,"hemmelighet":"`+dirsim.Token+`"}`); a.StatusCode != 200 || strings.Contains(string(a.body), dirsim.Token) {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return p
}

// pull reads once, as an administrator.
func (p *pulling) pull(fingerprint string) pulled.Status {
	p.t.Helper()
	a := p.as(administrator, "POST", p.at, `{"fingeravtrykk":"`+fingerprint+`"}`)
	var h henting
	if err := json.Unmarshal(a.body, &h); err != nil || a.StatusCode != 200 {
		p.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return h.Siste
}

// have is what we have of the source: users and groups by their external ids.
func (p *pulling) have() (users map[string]dirsim.User, groups map[string]map[string]bool) {
	p.t.Helper()
	book, err := p.Env.Roles()
	if err != nil {
		p.t.Fatal(err)
	}
	s, ctx, ext := book.Synced(), p.t.Context(), map[string]string{}
	users, groups = map[string]dirsim.User{}, map[string]map[string]bool{}
	err = s.EachUser(ctx, p.kilde, func(u synced.User) error {
		users[u.EksternID] = dirsim.User{ID: u.EksternID, UserName: u.Brukernavn, Name: u.Navn, Number: s.Number(u), Active: u.Aktiv}
		ext[u.ID] = u.EksternID
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	err = s.EachGroup(ctx, p.kilde, func(g synced.Group) error {
		in, err := s.Members(ctx, g.ID)
		groups[g.EksternID] = map[string]bool{}
		for _, id := range in {
			groups[g.EksternID][ext[id]] = true
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return users, groups
}

// like wants what we have to be as the directory says.
func (p *pulling) like(t rapid.TB) {
	t.Helper()
	users, groups := p.have()
	wantUsers, wantGroups := p.Directory.State()
	if !maps.Equal(users, wantUsers) {
		t.Fatalf("users %v, want %v", users, wantUsers)
	}
	if !maps.EqualFunc(groups, wantGroups, maps.Equal[map[string]bool]) {
		t.Fatalf("groups %v, want %v", groups, wantGroups)
	}
}

func person(n int) dirsim.User {
	id := fmt.Sprintf("u%02d", n)
	return dirsim.User{ID: id, UserName: id + "@kommune.example", Name: "Ansatt " + id, Active: true}
}

func (p *pulling) fill(n int) {
	for i := range n {
		p.Directory.Put(person(i))
	}
	p.Directory.PutGroup("g1", "freg-skole")
	p.Directory.PutGroup("g2", "annet")
	for i := range n {
		p.Directory.Member("g1", person(i).ID, true)
	}
}

var sorts = []string{"SCIM", "GRAPH"}

func each(t *testing.T, do func(*testing.T, string)) {
	for _, sort := range sorts {
		t.Run(sort, func(t *testing.T) { do(t, sort) })
	}
}

// What a system tells is what we have, page by page; and a second reading writes nothing.
func TestASystemThatCannotPushIsRead(t *testing.T) {
	each(t, func(t *testing.T, sort string) {
		p := begin(t).pulling(t, sort, "")
		p.fill(13)
		if s := p.pull(""); s.Utfall != pulled.Done || s.Opprettet != 15 {
			t.Fatalf("%+v", s)
		}
		p.like(t)
		before := p.logged("synk-bruker-endret") + p.logged("synk-gruppe-endret")
		if s := p.pull(""); s.Utfall != pulled.Done || s.Opprettet+s.Endret+s.Fjernet != 0 {
			t.Fatalf("%+v", s)
		}
		if after := p.logged("synk-bruker-endret") + p.logged("synk-gruppe-endret"); after != before {
			t.Errorf("%d entries of changes where nothing changed", after-before)
		}
		p.silent(dirsim.Token)
	})
}

// More than a fifth is taken away first when an administrator has confirmed just that.
func TestAPullThatWouldRemoveTooMuchAsks(t *testing.T) {
	each(t, func(t *testing.T, sort string) {
		p := begin(t).pulling(t, sort, "")
		p.fill(10)
		p.pull("")
		for i := range 3 {
			p.Directory.Drop(person(i).ID)
		}
		s := p.pull("")
		if users, _ := p.have(); s.Utfall != pulled.Stopped || s.Fjerner != (pulled.Share{Antall: 3, Av: 10}) || len(users) != 10 {
			t.Fatalf("%+v, %d users", s, len(users))
		}
		p.Directory.Drop(person(3).ID)
		second := p.pull(s.Fingeravtrykk) // it is more by now
		if users, _ := p.have(); second.Utfall != pulled.Stopped || len(users) != 10 {
			t.Fatalf("%+v, %d users", second, len(users))
		}
		if s := p.pull("feil"); s.Utfall != pulled.Stopped {
			t.Fatalf("%+v", s)
		}
		if s := p.pull(second.Fingeravtrykk); s.Utfall != pulled.Done || s.Fjernet != 4 {
			t.Fatalf("%+v", s)
		}
		p.like(t)
	})
}

// Who is switched off, and a group that is emptied, count as much as those who are gone.
func TestTheBrakeCountsWhatIsLost(t *testing.T) {
	each(t, func(t *testing.T, sort string) {
		p := begin(t).pulling(t, sort, "")
		p.fill(10)
		p.pull("")
		for i := range 3 {
			u := person(i)
			u.Active = false
			p.Directory.Put(u)
		}
		if s := p.pull(""); s.Utfall != pulled.Stopped || s.Fjerner.Antall != 3 {
			t.Fatalf("%+v", s)
		}
		for i := range 3 {
			p.Directory.Put(person(i))
		}
		p.Directory.DropGroup("g1")
		s := p.pull("")
		if s.Utfall != pulled.Stopped || s.Melder != (pulled.Share{Antall: 10, Av: 10}) {
			t.Fatalf("%+v", s)
		}
		if s := p.pull(s.Fingeravtrykk); s.Utfall != pulled.Done {
			t.Fatalf("%+v", s)
		}
		p.like(t)
	})
}

// A system that fails, refuses, or tells half of what it has takes nothing from anybody.
func TestAFailedPullTakesNothing(t *testing.T) {
	each(t, func(t *testing.T, sort string) {
		p := begin(t).pulling(t, sort, `,"maksAndel":100`)
		p.fill(8)
		p.pull("")
		p.Directory.Drop(person(1).ID)
		for _, c := range []struct {
			name string
			by   func(*http.Request) int
			code string
		}{
			{"no access", func(*http.Request) int { return 403 }, "HENTING_AVVIST"},
			{"groups are not there", func(r *http.Request) int {
				return map[bool]int{true: 404}[strings.Contains(strings.ToLower(r.URL.Path), "/groups")]
			}, "HENTING_UFORSTAAELIG"},
			{"a body that is none", func(*http.Request) int { return 204 }, "HENTING_UFORSTAAELIG"},
		} {
			p.Directory.Break(c.by)
			s := p.pull("")
			if users, _ := p.have(); s.Utfall != pulled.Failed || s.Feil != c.code && !(sort == "GRAPH" && s.Feil != "") || len(users) != 8 {
				t.Errorf("%s: %+v, %d users", c.name, s, len(users))
			}
		}
		p.Directory.Break(nil)
		p.pull("")
		p.like(t)
	})
}

// The scheduler reads every source, and one that stops is counted.
func TestTheSchedulerReads(t *testing.T) {
	p := begin(t).pulling(t, "GRAPH", "")
	p.fill(4)
	run := func(want string) {
		t.Helper()
		if a := p.send("POST", p.Base+"/hjemmel/v1/plattform/rollesynk/hent", "", p.Platform(t)); a.StatusCode != 200 || strings.TrimSpace(string(a.body)) != want {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	run(`{"stoppet":0}`)
	p.like(t)
	p.Directory.Drop(person(0).ID)
	run(`{"stoppet":1}`)
	if a := p.send("POST", p.Base+"/hjemmel/v1/plattform/rollesynk/hent", "", nil); a.StatusCode != 401 {
		t.Fatalf("%d", a.StatusCode)
	}
}

// A secret goes where it was given for and nowhere else; addresses inside our own network are refused.
func TestHowASourceIsReadIsSetUpWithCare(t *testing.T) {
	w := begin(t)
	p := w.pulling(t, "SCIM", "")
	for _, c := range []struct {
		name, who, method, body string
		status                  int
	}{
		{"the same again without the secret", administrator, "PUT", p.setup + `}`, 200},
		{"elsewhere without the secret", administrator, "PUT", `{"type":"SCIM","adresse":"https://angriper.example/scim"}`, 400},
		{"no TLS", administrator, "PUT", `{"type":"SCIM","adresse":"http://scim.example/","hemmelighet":"x"}`, 400},
		{"inside", administrator, "PUT", `{"type":"SCIM","adresse":"https://169.254.169.254/","hemmelighet":"x"}`, 400},
		{"unknown kind", administrator, "PUT", `{"type":"LDAP","hemmelighet":"x"}`, 400},
		{"a tenant that is a path", administrator, "PUT", `{"type":"GRAPH","tenant":"../x","klientId":"a","hemmelighet":"x"}`, 400},
		{"a share above all", administrator, "PUT", p.setup + `,"maksAndel":101}`, 400},
		{"no administrator sets", "ansatt-01", "PUT", p.setup + `}`, 403},
		{"no administrator reads", "ansatt-01", "GET", "", 403},
		{"another organisation", "ansatt-07", "GET", "", 403},
		{"another organisation orders", "ansatt-07", "POST", `{}`, 403},
		{"the privacy officer looks", "ansatt-05", "GET", "", 200},
		{"and does not order", "ansatt-05", "POST", `{}`, 403},
		{"gone", administrator, "DELETE", "", 204},
		{"gone already", administrator, "GET", "", 404},
		{"nothing to order", administrator, "POST", `{}`, 404},
	} {
		if a := w.as(c.who, c.method, p.at, c.body); a.StatusCode != c.status || strings.Contains(string(a.body), dirsim.Token) {
			t.Errorf("%s: %d %s, want %d", c.name, a.StatusCode, a.body, c.status)
		}
	}
	w.silent(dirsim.Token)
}

// Only groups whose names begin as chosen are taken; one that is renamed goes, and comes.
func TestOnlyChosenGroupsAreTaken(t *testing.T) {
	each(t, func(t *testing.T, sort string) {
		p := begin(t).pulling(t, sort, `,"gruppeprefiks":"freg-","maksAndel":100`)
		p.fill(3)
		want := func(ids ...string) {
			t.Helper()
			p.pull("")
			if _, groups := p.have(); !slices.Equal(slices.Sorted(maps.Keys(groups)), ids) {
				t.Fatalf("%v, want %v", groups, ids)
			}
		}
		want("g1")
		p.Directory.PutGroup("g2", "freg-annet")
		p.Directory.Member("g2", person(2).ID, true)
		want("g1", "g2")
		p.Directory.PutGroup("g1", "skole")
		want("g2")
		if _, groups := p.have(); !groups["g2"][person(2).ID] {
			t.Error("a member is missing")
		}
	})
}

// Whatever happens in the identity system and to us, in whatever order, reading ends in its truth.
func TestPullsEndInTheIdentitySystemsTruth(t *testing.T) {
	each(t, func(t *testing.T, sort string) {
		inner, err := sqlite.Open(t.Context(), t.TempDir()+"/state.db")
		if err != nil {
			t.Fatal(err)
		}
		f := storetest.Faulty(inner)
		p := begin(t, func(o *hosttest.Options) { o.Store = f }).pulling(t, sort, `,"maksAndel":100`)
		pushed := pusher(p)
		rapid.Check(t, func(t *rapid.T) {
			user := rapid.IntRange(0, 7)
			group := rapid.SampledFrom([]string{"g1", "g2"})
			t.Repeat(map[string]func(*rapid.T){
				"put": func(t *rapid.T) {
					u := person(user.Draw(t, "user"))
					u.Active, u.Name = rapid.Bool().Draw(t, "active"), rapid.SampledFrom([]string{"Kari", "Ola"}).Draw(t, "name")
					p.Directory.Put(u)
				},
				"drop": func(t *rapid.T) { p.Directory.Drop(person(user.Draw(t, "user")).ID) },
				"group": func(t *rapid.T) {
					p.Directory.PutGroup(group.Draw(t, "group"), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"))
				},
				"drop group": func(t *rapid.T) { p.Directory.DropGroup(group.Draw(t, "group")) },
				"member": func(t *rapid.T) {
					u := person(user.Draw(t, "user"))
					if users, _ := p.Directory.State(); users[u.ID].ID != "" {
						p.Directory.Member(group.Draw(t, "group"), u.ID, rapid.Bool().Draw(t, "is"))
					}
				},
				"too old": func(*rapid.T) { p.Directory.Forget() },
				"cut off": func(t *rapid.T) { // in the middle of a reading
					left := rapid.IntRange(0, 6).Draw(t, "answers")
					p.Directory.Break(func(*http.Request) int { left--; return map[bool]int{true: 400}[left < 0] })
					p.pull("")
					p.Directory.Break(nil)
				},
				"fall": func(t *rapid.T) { // in the middle of a run, before or after a commit
					when := rapid.SampledFrom([]storetest.Moment{storetest.Before, storetest.After}).Draw(t, "when")
					p.fall(f, when, rapid.IntRange(0, 8).Draw(t, "commits"))
				},
				"push": func(t *rapid.T) { pushed(person(user.Draw(t, "user"))) },
				"pull": func(t *rapid.T) {
					if s := p.pull(""); s.Utfall != pulled.Done {
						t.Fatalf("%+v", s)
					}
				},
			})
			p.Directory.Forget() // what was pushed in between is not told of as a change
			if s := p.pull(""); s.Utfall != pulled.Done {
				t.Fatalf("%+v", s)
			}
			p.like(t)
		})
	})
}

// fall has a run end in the middle, as if the process had died at a commit, and lets the time go in which it may have been
// under way.
func (p *pulling) fall(f *storetest.FaultyStore, when storetest.Moment, commits int) {
	p.t.Helper()
	f.Crash(when, commits+1)
	p.as(administrator, "POST", p.at, `{}`)
	f.Revive()
	book, err := p.Env.Roles()
	if err != nil {
		p.t.Fatal(err)
	}
	s, err := book.Synced().Pulls().Status(p.t.Context(), p.kilde)
	if err != nil || !s.Running(time.Now()) {
		return
	}
	if a := p.as(administrator, "POST", p.at, `{}`); a.StatusCode != 409 {
		p.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	s.Startet = s.Startet.Add(-time.Hour)
	op, err := pulled.PutStatus(s)
	if err != nil {
		p.t.Fatal(err)
	}
	changes, err := p.Env.Changes()
	if err == nil {
		_, err = changes.Once(p.t.Context(), audit.Entry{FiksOrgID: bergen, Handling: "synk-henting-begynt"}, op)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// pusher pushes users to the source that is read too: by the same name without an id of the system's, or with it.
func pusher(p *pulling) func(dirsim.User) {
	a := p.as(administrator, "POST", configuration+bergen+"/"+p.kilde+"/tokens", "")
	h := http.Header{"Authorization": {"Bearer " + a.text("token")}}
	at := p.Base + "/brukersynkronisering/scim/v2/" + p.kilde + "/Users"
	n := 0
	return func(u dirsim.User) {
		id := ""
		if n++; n%2 == 0 {
			id = `,"externalId":"` + u.ID + `"`
		}
		if a := p.send("POST", at, `{"userName":"`+u.UserName+`","displayName":"dyttet"`+id+`}`, h); a.StatusCode != 201 && a.StatusCode != 409 {
			p.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
}
