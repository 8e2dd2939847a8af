package audit

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/person"
)

// What stands here is in logs that are kept for years: the form of an entry, its commitment, a
// pseudonym and a sealed number. A change that fails this file cannot read those logs. Commitment and
// pseudonym were computed with another program.

const (
	wantFull = `{"skriver":"00112233445566778899","nr":7,"tid":"2026-11-23T12:34:56.789012Z","fiksOrgId":"b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601",` +
		`"aktor":"ansatt-01","paaVegneAv":"integrasjon-01","rolle":"rolle-01","rolleversjon":3,"tjenesteomraade":"BARNEVERN",` +
		`"hjemler":["folkeregisterloven-10-1","barnevernsloven-13-4"],"formaal":"sak 2026/17 \u003c\u0026\u003e å","bekreftelse":"henter barnet",` +
		`"handling":"oppslag","subjekt":"pseudonym","forseglet":"AQID","spurt":["navn","historikk"],"levert":["navn.fornavn"],"parametre":["navn"],` +
		`"treff":0,"avdekket":true,"utfall":"UTLEVERT","regler":["gradering"],"feilkode":"KODE","requestId":"r-1"}`
	wantLeast  = `{"skriver":"00112233445566778899","nr":1,"tid":"2026-11-23T12:34:56Z","fiksOrgId":"plattform","handling":"soek","utfall":"AVSLAG"}`
	wantCommit = "0d08ac714d9bbd9bc2dc8936a8b5f2a8277ff25d449831629e47f8c5c74ef700"
	wantPseudo = "nPGGB2qkCfzx66rK4TPoUp6g22YNr0x4THpe313qObw"
	sealed     = "POaiBncc/VyQGeYuIJE6L3Ro+PMFAr94t6LA5XHvNyjS1tQ7crqR"
)

func full(t *testing.T) Entry {
	t.Helper()
	none := 0
	return Entry{
		Skriver: "00112233445566778899", Nr: 7, Tid: time.Date(2026, 11, 23, 12, 34, 56, 789012000, time.UTC), FiksOrgID: "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601",
		Aktor: "ansatt-01", PaaVegneAv: "integrasjon-01", Rolle: "rolle-01", Rolleversjon: 3, Tjenesteomraade: "BARNEVERN",
		Hjemler: []string{"folkeregisterloven-10-1", "barnevernsloven-13-4"}, Formaal: "sak 2026/17 <&> å", Bekreftelse: "henter barnet",
		Handling: "oppslag", Subjekt: "pseudonym", ForseglingAv: []byte{1, 2, 3}, Spurt: []string{"navn", "historikk"}, Levert: []string{"navn.fornavn"},
		Parametre: []string{"navn"}, Treff: &none, Avdekket: true, Utfall: Utlevert, Regler: []string{"gradering"}, Feilkode: "KODE", RequestID: "r-1",
		Person: somebody(t),
	}
}

func somebody(t testing.TB) person.ID {
	t.Helper()
	id, err := person.ParseID("14827849805")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTheCanonicalFormIsFinal(t *testing.T) {
	least := Entry{Skriver: "00112233445566778899", Nr: 1, Tid: time.Date(2026, 11, 23, 12, 34, 56, 0, time.UTC), FiksOrgID: Platform, Handling: "soek", Utfall: Avslag}
	for want, e := range map[string]Entry{wantFull: full(t), wantLeast: least} {
		got, err := e.canonical()
		if err != nil || string(got) != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
	}
	salt := []byte("0123456789abcdef0123456789abcdef")
	if got := hex.EncodeToString(commit(salt, []byte(wantFull))); got != wantCommit {
		t.Errorf("commitment %s", got)
	}
	stored := Record{Innslag: json.RawMessage(wantLeast), Salt: salt, Forplikt: commit(salt, []byte(wantLeast))}
	want := `{"innslag":` + wantLeast + `,"salt":"` + base64.StdEncoding.EncodeToString(salt) + `","forpliktelse":"` + base64.StdEncoding.EncodeToString(stored.Forplikt) + `"}`
	if got, err := json.Marshal(stored); err != nil || string(got) != want {
		t.Errorf("record %s, %v", got, err)
	}
	if Key("00112233445566778899", 7) != "logg/00112233445566778899/000000000007" {
		t.Error(Key("00112233445566778899", 7))
	}
}

func goldenKey(t testing.TB, org string) OrganisationKey {
	t.Helper()
	keys, err := NewKeys([]byte("a secret of thirty-two bytes, ok"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := keys.Organisation(org)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestPseudonymsAndSealsAreFinal(t *testing.T) {
	k, id := goldenKey(t, "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"), somebody(t)
	if got := k.Pseudonym(id); got != wantPseudo {
		t.Errorf("pseudonym %s", got)
	}
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	e := full(t)
	e.ForseglingAv = b
	if got, err := k.Unseal(e); err != nil || got != id {
		s, _ := k.seal(id, entryID(e.Skriver, e.Nr))
		t.Errorf("a number sealed in 2026 is not read: %v; sealed now it is %s", err, base64.StdEncoding.EncodeToString(s))
	}
}

// A seal opens in its own entry, with its own organisation's key, untouched, and nowhere else.
func TestASealIsBoundToItsEntry(t *testing.T) {
	k, id, e := goldenKey(t, "org"), somebody(t), full(t)
	first, err := k.seal(id, entryID(e.Skriver, e.Nr))
	if err != nil {
		t.Fatal(err)
	}
	second, err := k.seal(id, entryID(e.Skriver, e.Nr))
	if err != nil || slices.Equal(first, second) {
		t.Error("the same number sealed twice looks the same")
	}
	e.ForseglingAv = first
	if got, err := k.Unseal(e); err != nil || got != id {
		t.Fatalf("its own seal does not open: %v", err)
	}
	for name, change := range map[string]func(e *Entry){
		"another nr":      func(e *Entry) { e.Nr++ },
		"another writer":  func(e *Entry) { e.Skriver = strings.Repeat("a", 20) },
		"a changed byte":  func(e *Entry) { e.ForseglingAv = append([]byte{first[0] ^ 1}, first[1:]...) },
		"a byte too few":  func(e *Entry) { e.ForseglingAv = first[:len(first)-1] },
		"a byte too many": func(e *Entry) { e.ForseglingAv = append(slices.Clone(first), 0) },
		"nothing":         func(e *Entry) { e.ForseglingAv = nil },
	} {
		other := e
		change(&other)
		if got, err := k.Unseal(other); !errors.Is(err, ErrTampered) || !got.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := goldenKey(t, "another").Unseal(e); !errors.Is(err, ErrTampered) || !got.IsZero() {
		t.Errorf("another organisation's key: %v", err)
	}
	if _, err := (OrganisationKey{}).Unseal(e); !errors.Is(err, ErrSecret) {
		t.Errorf("no key: %v", err)
	}
	if _, err := (OrganisationKey{}).seal(id, "x"); !errors.Is(err, ErrSecret) {
		t.Errorf("no key to seal with: %v", err)
	}
}

func TestKeysNeedASecret(t *testing.T) {
	for _, n := range []int{0, 1, 31} {
		if _, err := NewKeys(make([]byte, n)); !errors.Is(err, ErrSecret) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, err := (Keys{}).Organisation("org"); !errors.Is(err, ErrSecret) {
		t.Errorf("the zero Keys: %v", err)
	}
	secret := []byte("a secret of thirty-two bytes, ok")
	keys, err := NewKeys(secret)
	if err != nil {
		t.Fatal(err)
	}
	before, err := keys.Organisation("org")
	if err != nil {
		t.Fatal(err)
	}
	secret[0] = 'b' // the caller's own slice
	if after, err := keys.Organisation("org"); err != nil || after.Pseudonym(somebody(t)) != before.Pseudonym(somebody(t)) {
		t.Error("the secret changes with the caller's slice")
	}
	seen := map[string]string{}
	for _, org := range []string{"org", "org2", "", "Org", "org/", "plattform"} {
		k, err := keys.Organisation(org)
		if err != nil {
			t.Fatal(err)
		}
		p := k.Pseudonym(somebody(t))
		if other, twice := seen[p]; twice {
			t.Errorf("%q and %q know the person by the same pseudonym", org, other)
		}
		if seen[p] = org; strings.Contains(p, "14827849805") || len(p) != 43 {
			t.Errorf("pseudonym %q", p)
		}
	}
}
