package secret_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"hjemmel/shared/secret"
)

const long = "a secret of thirty-two bytes, ok"

// Keys stand behind what is kept for years: this one was computed with another program.
func TestAKeyIsFinal(t *testing.T) {
	key, err := secret.Key([]byte(long), "hjemmel/test")
	if got := hex.EncodeToString(key); err != nil || got != "331f4d59fe35a9910b02f32818a2518d569169d906bd53c1e784a2d20d11e88f" {
		t.Errorf("%s %v", got, err)
	}
}

func TestWhatIsSealedForOneThingOpensNothingElse(t *testing.T) {
	one, err := secret.AEAD([]byte(long), "one")
	if err != nil {
		t.Fatal(err)
	}
	other, err := secret.AEAD([]byte(long), "other")
	if err != nil {
		t.Fatal(err)
	}
	sealed := one.Seal(nil, nil, []byte("text"), []byte("place")) //nolint:gosec // the AEAD makes the nonce
	if got, err := one.Open(nil, nil, sealed, []byte("place")); err != nil || string(got) != "text" {
		t.Error(err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another purpose": func() ([]byte, error) { return other.Open(nil, nil, sealed, []byte("place")) },
		"another place":   func() ([]byte, error) { return one.Open(nil, nil, sealed, []byte("elsewhere")) },
		"changed":         func() ([]byte, error) { return one.Open(nil, nil, append(bytes.Clone(sealed), 0), []byte("place")) },
	} {
		if _, err := open(); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	if bytes.Equal(sealed, one.Seal(nil, nil, []byte("text"), []byte("place"))) { //nolint:gosec // as above
		t.Error("the same text is sealed alike twice")
	}
	if _, err := secret.AEAD(make([]byte, 31), "one"); !errors.Is(err, secret.ErrShort) {
		t.Error(err)
	}
}
