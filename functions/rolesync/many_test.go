package rolesync_test

import (
	"fmt"
	"testing"
)

// A request may move hundreds of members at once, up to the bound, and none beyond it.
func TestManyMembersAtOnce(t *testing.T) {
	w := begin(t)
	m := ""
	for i := range 901 {
		m += `,{"value":"` + w.newUser(fmt.Sprintf("u%d", i)) + `"}`
		if i == 899 {
			g := w.want(201, "POST", "/Groups", `{"displayName":"mange","members":[`+m[1:]+`]}`).text("id")
			if a := w.do("PATCH", "/Groups/"+g, patch(`{"op":"remove","path":"members"}`)); a.StatusCode != 204 {
				t.Errorf("%d %s\n%s", a.StatusCode, a.body, w.Log.String())
			}
		}
	}
	before := w.total("/Groups")
	if a := w.do("POST", "/Groups", `{"displayName":"for mange","members":[`+m[1:]+`]}`); a.StatusCode != 413 || w.total("/Groups") != before {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
