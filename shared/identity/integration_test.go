package identity_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
	"hjemmel/shared/store"
	"hjemmel/shared/store/storetest"
)

func integration(t *testing.T) identity.Integration {
	t.Helper()
	p, err := identity.Seal(make([]byte, 32), "22222222-2222-4222-8222-222222222222", identity.NewPassword(),
		time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return identity.Integration{
		ID: "22222222-2222-4222-8222-222222222222", Navn: "Prøvesystem", FiksOrgID: org, AutorisertOrgnr: "311111111",
		Passord: []identity.Password{p}, Aktiv: true, GyldigFra: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func TestIntegrationRecord(t *testing.T) {
	s, in := storetest.NewMemory(), integration(t)
	op, err := in.Put()
	if err == nil {
		err = s.Commit(t.Context(), op)
	}
	if err != nil {
		t.Fatal(err)
	}
	var wire map[string]any
	if err := json.Unmarshal(op.Value, &wire); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"id": in.ID, "navn": "Prøvesystem", "fiksOrgId": org, "autorisertOrgnr": "311111111", "aktiv": true,
		"gyldigFra": "2025-01-01T00:00:00Z",
		"passord": []any{map[string]any{
			"mac": base64.StdEncoding.EncodeToString(in.Passord[0].MAC), "gyldigTil": "2030-01-02T03:04:05Z",
		}},
	}
	if diff := cmp.Diff(want, wire); diff != "" || op.Key != "integrasjon/"+in.ID {
		t.Errorf("%s is kept otherwise:\n%s", op.Key, diff)
	}
	read := identity.NewIntegrations(s)
	for _, id := range []string{in.ID, strings.ToUpper(in.ID)} {
		if got, err := read.Integration(t.Context(), id); err != nil || cmp.Diff(in, got) != "" {
			t.Errorf("read %v, %v", got, err)
		}
	}
	for _, id := range []string{"", "x", uuid.NewString(), in.ID + "/", "{" + in.ID + "}", strings.ReplaceAll(in.ID, "-", ""), "urn:uuid:" + in.ID} {
		if _, err := read.Integration(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestPutRefuses(t *testing.T) {
	for field, change := range map[string]func(*identity.Integration){
		"id":              func(i *identity.Integration) { i.ID = strings.ToUpper("a" + i.ID[1:]) },
		"fiksOrgId":       func(i *identity.Integration) { i.FiksOrgID = "" },
		"autorisertOrgnr": func(i *identity.Integration) { i.AutorisertOrgnr = "31111111a" },
		"passord":         func(i *identity.Integration) { i.Passord = append(i.Passord, identity.Password{}) },
	} {
		in := integration(t)
		change(&in)
		_, err := in.Put()
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || cmp.Diff([]string{field}, f.Elements) != "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := identity.Integration{}.Put()
	if diff := cmp.Diff([]string{"autorisertOrgnr", "fiksOrgId", "id"}, fault.Of(err).Elements); diff != "" {
		t.Error(diff)
	}
}

// TestDamagedRecord: what cannot be read lets nobody in.
func TestDamagedRecord(t *testing.T) {
	w := identitytest.New(t)
	token := w.Sign(w.Maskinporten.Issuer, vendorClaims(w))
	l, other := w.Register(org), w.Register(org)
	foreign, err := w.Store.Get(t.Context(), "integrasjon/"+other.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string][]byte{
		"not JSON": []byte("{"), "empty": nil, "another shape": []byte(`{"id":7}`), "another's": foreign.Value,
	} {
		if err := w.Store.Commit(t.Context(), store.Put("integrasjon/"+l.ID, value)); err != nil {
			t.Fatal(err)
		}
		r := identitytest.Request(token, l)
		c, err := w.Verifier.Caller(t.Context(), r)
		if !fault.Is(err, fault.Internal) || !c.IsZero() {
			t.Errorf("%s: %v, %v", name, c, err)
		}
		canary(t, err, r)
	}
}

func TestSeal(t *testing.T) {
	key := []byte("thirty-two bytes that guard none")
	mac := func(key []byte, id, password string) string {
		p, err := identity.Seal(key, id, password, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return string(p.MAC)
	}
	one := mac(key, "a", "b")
	for name, other := range map[string]string{
		"password": mac(key, "a", "c"), "integration": mac(key, "c", "b"), "key": mac(make([]byte, 32), "a", "b"),
	} {
		if one == other {
			t.Errorf("another %s gives the same MAC", name)
		}
	}
	if mac(key, "A", "b") != one || len(one) != 32 {
		t.Error("the same integration gives another MAC")
	}
	if _, err := identity.Seal(key[:31], "a", "b", time.Time{}); err == nil {
		t.Error("took a short key")
	}
	seen := map[string]bool{}
	for range 100 {
		p := identity.NewPassword()
		if b, err := base64.RawURLEncoding.DecodeString(p); err != nil || len(b) != 32 || seen[p] {
			t.Fatal("not 256 fresh bits")
		}
		seen[p] = true
	}
}
