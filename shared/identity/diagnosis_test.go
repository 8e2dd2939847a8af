package identity_test

import (
	"strings"
	"testing"
	"time"

	"hjemmel/shared/identity"
	"hjemmel/shared/identity/identitytest"
)

// failed names the checks that failed, in their order.
func failed(d identity.Diagnosis) string {
	var names []string
	for _, c := range d.Checks {
		if c.Resultat == identity.Failed {
			names = append(names, c.Kontroll+":"+c.Kode)
		}
	}
	return strings.Join(names, " ")
}

// Every fault of a token is told by its check, several at once, and with a bad token nothing is told
// of the integration, not even to one who has its password.
func TestDiagnoseTellsOfTheToken(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	hour := func(n int) int64 { return w.Now().Add(time.Duration(n) * time.Hour).Unix() }
	for name, c := range map[string]struct {
		change []any
		want   string
	}{
		"nothing":        {nil, ""},
		"expired":        {[]any{"exp", hour(-1)}, "TOKEN_TIDER:TOKEN_UTLOEPT"},
		"from tomorrow":  {[]any{"iat", hour(24)}, "TOKEN_TIDER:TOKEN_UGYLDIG"},
		"another API":    {[]any{"aud", "https://annet.example"}, "TOKEN_BRUK:TOKEN_UGYLDIG"},
		"for one person": {[]any{"pid", "1"}, "TOKEN_BRUK:TOKEN_UGYLDIG"},
		"no scope":       {[]any{"scope", "annet"}, "TOKEN_SCOPE:TOKEN_MANGLER_SCOPE"},
		"no consumer":    {[]any{"consumer", nil}, "TOKEN_CONSUMER:TOKEN_MANGLER_CONSUMER"},
		"two things":     {[]any{"exp", hour(-1), "scope", ""}, "TOKEN_TIDER:TOKEN_UTLOEPT TOKEN_SCOPE:TOKEN_MANGLER_SCOPE"},
		"production":     {[]any{"iss", "https://maskinporten.no/"}, "TOKEN_UTSTEDER:TOKEN_FEIL_UTSTEDER"},
	} {
		claims := vendorClaims(w)
		for i := 0; i < len(c.change); i += 2 {
			claims[c.change[i].(string)] = c.change[i+1]
		}
		r := identitytest.Request(w.Sign(w.Maskinporten.Issuer, claims), l)
		d, err := w.Verifier.Diagnose(t.Context(), r)
		if err != nil || failed(d) != c.want || d.Passed() != (c.want == "") || (d.Consumer == "") != (c.want != "") {
			t.Errorf("%s: %s, %v", name, failed(d), err)
		}
		for _, check := range d.Checks {
			if c.want != "" && strings.HasPrefix(check.Kontroll, "INTEGRASJON") && check.Resultat != identity.Unchecked {
				t.Errorf("%s: %s was looked at", name, check.Kontroll)
			}
		}
	}
}

// What is told of the integration follows from what was proved.
func TestDiagnoseTellsOfTheIntegrationToItsOwn(t *testing.T) {
	w := identitytest.New(t)
	own := w.Register(org)
	off := w.Register(org, func(i *identity.Integration) { i.Aktiv = false })
	past := w.Register(org, func(i *identity.Integration) { i.GyldigTil = w.Now().Add(-time.Hour) })
	foreign := w.Register(org, func(i *identity.Integration) { i.AutorisertOrgnr = "399999999" })
	foreignOff := w.Register(org, func(i *identity.Integration) { i.AutorisertOrgnr, i.Aktiv = "399999999", false })
	replaced := w.Register(org, func(i *identity.Integration) { i.Passord[0].GyldigTil = w.Now().Add(-time.Hour) })
	const uniform = "INTEGRASJON_PASSORD:INTEGRASJON_AUTENTISERING_FEILET"
	wrong := func(l identitytest.Login) identitytest.Login { return identitytest.Login{ID: l.ID, Password: "feil"} }
	for name, c := range map[string]struct {
		l    identitytest.Login
		want string
		told string // a word of the advice
	}{
		"all right":                    {own, "", ""},
		"own, wrong password":          {wrong(own), uniform, "er feil"},
		"own, replaced":                {replaced, uniform, "byttet ut"},
		"own, off":                     {off, "INTEGRASJON_AKTIV:INTEGRASJON_AUTENTISERING_FEILET", "slått av"},
		"own, off, wrong password":     {wrong(off), uniform + " INTEGRASJON_AKTIV:INTEGRASJON_AUTENTISERING_FEILET", "slått av"},
		"own, past":                    {past, "INTEGRASJON_AKTIV:INTEGRASJON_AUTENTISERING_FEILET", "gyldighetstiden"},
		"password, not authorised":     {foreign, "INTEGRASJON_ORGANISASJON:INTEGRASJON_AUTENTISERING_FEILET", "autorisert"},
		"neither":                      {wrong(foreign), uniform, "hører sammen"},
		"neither, off":                 {wrong(foreignOff), uniform, "hører sammen"},
		"no such":                      {identitytest.Login{ID: "99999999-2222-4222-8222-222222222222", Password: "feil"}, uniform, "hører sammen"},
		"no such, another's password":  {identitytest.Login{ID: "99999999-2222-4222-8222-222222222222", Password: own.Password}, uniform, "hører sammen"},
		"the password of another mine": {identitytest.Login{ID: foreign.ID, Password: own.Password}, uniform, "hører sammen"},
	} {
		d, err := w.Verifier.Diagnose(t.Context(), identitytest.Request(w.Sign(w.Maskinporten.Issuer, vendorClaims(w)), c.l))
		if err != nil || failed(d) != c.want || d.Passed() != (c.want == "") {
			t.Errorf("%s: %s, %v", name, failed(d), err)
		}
		var told strings.Builder
		for _, check := range d.Checks {
			told.WriteString(check.Raad)
		}
		if !strings.Contains(told.String(), c.told) || strings.Contains(told.String(), "399999999") {
			t.Errorf("%s: %s", name, told.String())
		}
	}
}

// Diagnose and Caller agree on who gets in.
func TestDiagnoseAgreesWithCaller(t *testing.T) {
	w := identitytest.New(t)
	l := w.Register(org)
	want := w.Integration(l)
	r := identitytest.Request(w.Sign(w.Maskinporten.Issuer, vendorClaims(w)), l)
	if d, err := w.Verifier.Diagnose(t.Context(), r); err != nil || d.Caller != want {
		t.Errorf("%v", err)
	}
}
