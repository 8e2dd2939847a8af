package audit

import (
	"strings"
	"testing"
)

// A field that came later stands last, and an entry without it has the form it always had.
func TestLaterFieldsStandLast(t *testing.T) {
	e := full(t)
	e.Overstyring = "eneste på vakt"
	got, err := e.canonical()
	if want := strings.TrimSuffix(wantFull, "}") + `,"overstyring":"eneste på vakt"}`; err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}
