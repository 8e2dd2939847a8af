package drivers

import "testing"

func TestOpenStateRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, at := range []string{"", "mysql://x", "firestore://p", "firestore://p/d", "firestore:///d/c", ":"} {
		if s, err := OpenState(t.Context(), at); err == nil {
			_ = s.Close()
			t.Errorf("%q is opened", at)
		}
	}
}
