package rolesync_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever an identity system says in whatever order, twice or not, we end in what it says: who is there, who is
// active, and who is in the group.
func TestWeEndInTheIdentitySystemsTruth(t *testing.T) {
	w := begin(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		ids, active, in := map[string]string{}, map[string]bool{}, map[string]bool{}
		group := w.newGroup(fmt.Sprint("gruppe ", run))
		expect := func(a answer, status ...int) {
			if !slices.Contains(status, a.StatusCode) {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
		}
		name := rapid.SampledFrom([]string{"a", "b", "c"})
		member := func(op, id string) answer {
			return w.do("PATCH", "/Groups/"+group, patch(`{"op":"`+op+`","path":"members","value":[{"value":"`+id+`"}]}`))
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				n := name.Draw(t, "user")
				a := w.do("POST", "/Users", fmt.Sprintf(`{"userName":"%d-%s"}`, run, n))
				if ids[n] != "" {
					expect(a, 409)
					return
				}
				expect(a, 201)
				ids[n], active[n] = a.text("id"), true
			},
			"switch": func(t *rapid.T) {
				n := name.Draw(t, "user")
				if ids[n] == "" {
					t.Skip("nobody")
				}
				active[n] = rapid.Bool().Draw(t, "active")
				expect(w.do("PATCH", "/Users/"+ids[n], patch(fmt.Sprintf(`{"op":"Replace","path":"active","value":"%t"}`, active[n]))), 200)
			},
			"join": func(t *rapid.T) {
				n := name.Draw(t, "user")
				if ids[n] == "" {
					t.Skip("nobody")
				}
				expect(member("Add", ids[n]), 204)
				in[n] = true
			},
			"leave": func(t *rapid.T) {
				n := name.Draw(t, "user")
				if ids[n] == "" {
					t.Skip("nobody")
				}
				expect(member("Remove", ids[n]), 204)
				delete(in, n)
			},
			"delete": func(t *rapid.T) {
				n := name.Draw(t, "user")
				if ids[n] == "" {
					t.Skip("nobody")
				}
				expect(w.do("DELETE", "/Users/"+ids[n], ""), 204)
				expect(w.do("DELETE", "/Users/"+ids[n], ""), 404)
				delete(ids, n)
				delete(active, n)
				delete(in, n)
			},
			"": func(t *rapid.T) {
				var want []string
				for n := range in {
					want = append(want, ids[n])
				}
				slices.Sort(want)
				if got := w.members(group); !slices.Equal(got, want) {
					t.Fatalf("members %v, want %v", got, want)
				}
				for n, id := range ids {
					if got := w.want(200, "GET", "/Users/"+id, "").member("active"); got != active[n] {
						t.Fatalf("%s is active: %v", n, got)
					}
				}
			},
		})
		for _, id := range ids {
			expect(w.do("DELETE", "/Users/"+id, ""), 204)
		}
	})
}
