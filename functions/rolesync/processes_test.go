package rolesync_test

import (
	"slices"
	"testing"
	"time"

	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store/storetest"
)

// What an identity system says to one process holds in another, that has read and remembers what was before,
// within two seconds of its clock: groups at once, a user when the moment is over.
func TestAnotherProcessFollowsWithinTwoSeconds(t *testing.T) {
	state := storetest.NewMemory()
	w := begin(t, func(o *hosttest.Options) { o.Store = state })
	now := time.Now()
	other := host.NewEnv(w.Env.Config)
	other.UseState(state) // it is closed with the world
	other.Now = func() time.Time { return now }
	book, err := other.Roles()
	if err != nil {
		t.Fatal(err)
	}
	sees := func(want ...string) {
		t.Helper()
		got, err := book.SyncedAs(t.Context(), w.Person("innflyttet"))
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("the other process sees %v, %v; want %v", got, err, want)
		}
	}
	user, group := "SDB_"+demoUser, "SDG_"+demoGroup
	sees(user, group)
	w.want(204, "PATCH", "/Groups/"+demoGroup, patch(`{"op":"remove","path":"members"}`))
	sees(user)
	w.want(204, "PATCH", "/Groups/"+demoGroup, patch(`{"op":"add","path":"members","value":[{"value":"`+demoUser+`"}]}`))
	sees(user, group)
	w.want(200, "PATCH", "/Users/"+demoUser, patch(`{"op":"replace","path":"active","value":false}`))
	sees(user, group) // it remembers
	now = now.Add(2 * time.Second)
	sees()
}
