package policy

import (
	"slices"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

func held(r Role) Holder {
	return Holder{FiksOrgID: "o", Profil: Compile(katalog.Standard(), r), Tildelinger: []Tildeling{{}}}
}

// All is what the role shows, in every area; historikk is asked for on its own.
func TestAllIsWhatTheRoleShows(t *testing.T) {
	for _, a := range katalog.Standard().Tjenesteomraader {
		if !a.Gyldig {
			continue
		}
		h := held(*fullRole(a.Kode))
		for _, parts := range [][]string{{Alt}, {Alt, katalog.Historikk}, {"navn", Alt}} {
			history := len(parts) > 1 && parts[1] == katalog.Historikk
			if history && !h.Profil.Holds(katalog.Historikk) {
				continue
			}
			d := Decide(h, Ask{Action: Oppslag, Parts: parts})
			if d.Denied() {
				t.Errorf("%s, %v: %v", a.Kode, parts, d.Rules())
			}
			for _, f := range person.Model.Fields {
				if (d.Grant().Mask(f.Name) != nil) != h.Profil.Shows(f.Name) {
					t.Errorf("%s, %v: %s", a.Kode, parts, f.Name)
				}
			}
			if slices.Contains(d.Grant().Asked(), katalog.Historikk) != history {
				t.Errorf("%s, %v: asked %v", a.Kode, parts, d.Grant().Asked())
			}
			if slices.Contains(d.Grant().Parts(), Alt) || !slices.Equal(h.Profil.Known(parts), parts) {
				t.Errorf("%s: the register is asked for %v", a.Kode, d.Grant().Parts())
			}
		}
	}
	if d := Decide(held(Role{Tjenesteomraade: "BARNEVERN"}), Ask{Action: Oppslag, Parts: []string{Alt}}); !slices.Contains(d.Rules(), "part-noe-igjen") {
		t.Error("a role that shows nothing is granted all of it")
	}
}

// An organisation that the caller names must be the role's. To the caller it is as if there were no
// such role.
func TestTheOrganisationThatIsNamedIsTheRoles(t *testing.T) {
	h := held(*fullRole("BARNEVERN"))
	for named, granted := range map[string]bool{"": true, "o": true, "p": false, "O": false} {
		d := Decide(h, Ask{Action: Oppslag, Parts: []string{Alt}, Organisasjon: named})
		if d.Denied() == granted || (!granted && d.Fault() != NoRole) {
			t.Errorf("%q: %v", named, d.Rules())
		}
	}
}
