package reference

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hjemmel/shared/identity"
	"hjemmel/shared/person"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func sealed(t testing.TB) (*Sealer, person.ID, string) {
	t.Helper()
	s, err := New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	id, err := person.ParseID("14827849805")
	if err != nil {
		t.Fatal(err)
	}
	return s, id, s.Seal(id, identity.Caller{}, "rolle", now)
}

// A reference holds for a working day, whatever the case of the role's id.
func TestAReferenceExpires(t *testing.T) {
	s, id, ref := sealed(t)
	for after, want := range map[time.Duration]bool{-time.Hour: true, 0: true, Life - time.Second: true, Life: false, 1000 * time.Hour: false} {
		got, err := s.Open(ref, identity.Caller{}, "ROLLE", now.Add(after))
		if (err == nil) != want || (want && got != id) || (!want && !errors.Is(err, ErrReference)) {
			t.Errorf("after %s: %v", after, err)
		}
	}
}

// It says nothing by its looks: two to one person differ, and all are as long.
func TestReferencesLookAlike(t *testing.T) {
	s, id, ref := sealed(t)
	other, err := person.ParseID("54827899812")
	if err != nil {
		t.Fatal(err)
	}
	again, another := s.Seal(id, identity.Caller{}, "rolle", now), s.Seal(other, identity.Caller{}, "en-helt-annen-rolle", now)
	if again == ref || len(again) != len(ref) || len(another) != len(ref) {
		t.Errorf("%s %s %s", ref, again, another)
	}
}

// Nothing but what we sealed opens, and only under our key, for the role.
func TestWhatWeDidNotSealDoesNotOpen(t *testing.T) {
	s, _, ref := sealed(t)
	refused := func(what string, s *Sealer, ref, rolle string) {
		t.Helper()
		if id, err := s.Open(ref, identity.Caller{}, rolle, now); !errors.Is(err, ErrReference) || !id.IsZero() {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("another role", s, ref, "rolle2")
	refused("no role", s, ref, "")
	stranger, err := New([]byte("another secret of 32 bytes or so"))
	if err != nil {
		t.Fatal(err)
	}
	refused("another key", stranger, ref, "rolle")
	rapid.Check(t, func(rt *rapid.T) {
		refused("anything", s, rapid.String().Draw(rt, "text"), "rolle")
		raw, err := base64.RawURLEncoding.DecodeString(ref)
		if err != nil {
			rt.Fatal(err)
		}
		raw[rapid.IntRange(0, len(raw)-1).Draw(rt, "byte")] ^= byte(1 << rapid.IntRange(0, 7).Draw(rt, "bit"))
		refused("one bit", s, base64.RawURLEncoding.EncodeToString(raw), "rolle")
		refused("cut off", s, ref[:rapid.IntRange(0, len(ref)-1).Draw(rt, "length")], "rolle")
	})
}
