package admin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hjemmel/functions/admin/integrations"
	"hjemmel/shared/audit"
)

const integrasjoner = "/hjemmel/v1/organisasjoner/" + bergen + "/integrasjoner"

func (w *town) newIntegration(h http.Header) integrations.Integrasjon {
	w.t.Helper()
	a := w.ask("POST", integrasjoner, `{"navn":"Nytt fagsystem","autorisertOrgnr":"310800015"}`, h)
	if a.StatusCode != http.StatusCreated {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return read[integrations.Integrasjon](w.t, a)
}

// works reports whether the integration is let in with the password.
func (w *town) works(token, id, password string) bool {
	w.t.Helper()
	return w.ask("GET", "/hjemmel/v1/meg/roller", "", login(token, id, password)).StatusCode == http.StatusOK
}

func TestAnIntegrationFromBirthToDeath(t *testing.T) {
	w := newTown(t)
	admin, token := w.as(arne), w.vendorToken(1)
	var in integrations.Integrasjon
	added := w.entries(func() { in = w.newIntegration(admin) })
	if len(added) != 1 || added[0].Handling != "integrasjon-ny" || added[0].Gjelder != in.ID || added[0].Aktor != arne || added[0].FiksOrgID != bergen ||
		added[0].Utfall != audit.Utfoert || !slices.Equal(added[0].Endret, []string{"navn", "autorisertOrgnr", "passord"}) {
		t.Errorf("%+v", added)
	}
	if len(in.NyttPassord) < 43 || len(in.Passord) != 1 || in.FiksOrgID != bergen || !in.Aktiv || !in.SistBrukt.IsZero() {
		t.Errorf("%+v", in)
	}
	at := integrasjoner + "/" + in.ID
	a := w.ask("GET", at, "", admin)
	if got := read[integrations.Integrasjon](t, a); got.NyttPassord != "" || got.ETag != a.Header.Get("ETag") || got.ETag != in.ETag {
		t.Errorf("read again: %s", a.body)
	}
	if !w.works(token, in.ID, in.NyttPassord) || w.works(token, in.ID, in.NyttPassord+"x") {
		t.Error("the password is not the one that works")
	}
	if a := w.ask("GET", integrasjoner, "", admin); strings.Contains(string(a.body), in.NyttPassord) || !strings.Contains(string(a.body), "sistBrukt") ||
		strings.Count(string(a.body), `"etag"`) != 3 || strings.Contains(string(a.body), "mac") {
		t.Errorf("the list: %s", a.body)
	}

	a = w.ask("PATCH", at, `{"aktiv":false}`, admin, "If-Match", in.ETag)
	if off := read[integrations.Integrasjon](t, a); a.StatusCode != 200 || off.Aktiv || w.works(token, in.ID, in.NyttPassord) {
		t.Errorf("turned off: %d %s", a.StatusCode, a.body)
	}
	a = w.ask("PATCH", at, `{"aktiv":true,"navn":"Fagsystem","gyldigTil":"2099-01-01T00:00:00Z"}`, admin, "If-Match", a.Header.Get("ETag"))
	if on := read[integrations.Integrasjon](t, a); !on.Aktiv || on.Navn != "Fagsystem" || on.GyldigTil.IsZero() || !w.works(token, in.ID, in.NyttPassord) {
		t.Errorf("turned on: %s", a.body)
	}
	added = w.entries(func() { a = w.ask("PATCH", at, `{"gyldigTil":null,"navn":"Fagsystem"}`, admin, "If-Match", "*") })
	if on := read[integrations.Integrasjon](t, a); !on.GyldigTil.IsZero() || len(added) != 1 || !slices.Equal(added[0].Endret, []string{"gyldigTil"}) {
		t.Errorf("%s %+v", a.body, added)
	}
	if a := w.ask("DELETE", at, "", admin, "If-Match", "*"); a.StatusCode != http.StatusNoContent || a.Header.Get("Hjemmel-Kvittering") == "" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.ask("GET", at, "", admin); a.StatusCode != http.StatusNotFound || w.works(token, in.ID, in.NyttPassord) {
		t.Errorf("after the end: %d", a.StatusCode)
	}
	if strings.Contains(w.Log.String(), in.NyttPassord) || strings.Contains(w.Log.String(), in.ID) {
		t.Error("the log has the password or the id")
	}
	for _, e := range w.all() {
		if strings.Contains(fmt.Sprintf("%+v", e), in.NyttPassord) {
			t.Error("the audit log has the password")
		}
	}
}

func TestPasswordsChangeWithAnOverlap(t *testing.T) {
	w := newTown(t)
	admin, token := w.as(arne), w.vendorToken(1)
	in := w.newIntegration(admin)
	at := integrasjoner + "/" + in.ID + "/passord"
	rotate := func(body, etag string) integrations.Integrasjon {
		t.Helper()
		a := w.ask("POST", at, body, admin, "If-Match", etag)
		if a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return read[integrations.Integrasjon](t, a)
	}
	second := rotate("", in.ETag)
	if len(second.Passord) != 2 || !w.works(token, in.ID, in.NyttPassord) || !w.works(token, in.ID, second.NyttPassord) {
		t.Errorf("while they overlap: %+v", second.Passord)
	}
	if left := time.Until(second.Passord[0].GyldigTil); left < 23*time.Hour || left > 24*time.Hour {
		t.Errorf("the old one works for %v", left)
	}
	// The answer was lost, or somebody saw it: once more, and only the new and the old one work.
	third := rotate(`{"overlappTimer":720}`, second.ETag)
	if len(third.Passord) != 2 || w.works(token, in.ID, second.NyttPassord) || !w.works(token, in.ID, in.NyttPassord) || !w.works(token, in.ID, third.NyttPassord) {
		t.Error("three passwords, or the wrong two")
	}
	if !third.Passord[0].GyldigTil.Equal(second.Passord[0].GyldigTil) {
		t.Error("an overlap that ran was made longer")
	}
	last := rotate(`{"overlappTimer":0}`, third.ETag)
	if len(last.Passord) != 1 || w.works(token, in.ID, in.NyttPassord) || w.works(token, in.ID, third.NyttPassord) || !w.works(token, in.ID, last.NyttPassord) {
		t.Error("without an overlap an old one works")
	}
	for body, code := range map[string]string{
		`{"overlappTimer":721}`: "UGYLDIG_FELT", `{"overlappTimer":-1}`: "UGYLDIG_FELT", `{"overlapp":1}`: "UGYLDIG_JSON", `{`: "UGYLDIG_JSON",
	} {
		if a := w.ask("POST", at, body, admin, "If-Match", last.ETag); a.code(t) != code {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	for etag, code := range map[string]string{"": "IF_MATCH_MANGLER", "*": "IF_MATCH_MANGLER", in.ETag: "VERSJON_ENDRET"} {
		if a := w.ask("POST", at, "", admin, "If-Match", etag); a.code(t) != code {
			t.Errorf("If-Match %s: %s", etag, a.body)
		}
	}
}

// A double click makes one password, whoever comes first.
func TestOfManyRotationsAtOnceOneHappens(t *testing.T) {
	w := newTown(t)
	admin, token := w.as(arne), w.vendorToken(1)
	in := w.newIntegration(admin)
	replies := make([]reply, 10)
	var all sync.WaitGroup
	for n := range replies {
		all.Go(func() { replies[n] = w.ask("POST", integrasjoner+"/"+in.ID+"/passord", "", admin, "If-Match", in.ETag) })
	}
	all.Wait()
	made := 0
	for _, a := range replies {
		switch a.StatusCode {
		case http.StatusOK:
			if made++; !w.works(token, in.ID, read[integrations.Integrasjon](t, a).NyttPassord) {
				t.Error("the one that was made does not work")
			}
		case http.StatusConflict:
		default:
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if made != 1 {
		t.Errorf("%d passwords", made)
	}
}

// Nobody else gets in, and cannot tell what there is; each refusal is written down where it belongs.
func TestIntegrationsAreForTheirOwnAdministrators(t *testing.T) {
	w := newTown(t)
	in := w.newIntegration(w.as(arne))
	for name, c := range map[string]struct {
		h    http.Header
		code string
		org  string
	}{
		"nobody":                {http.Header{}, "TOKEN_MANGLER", audit.Platform},
		"a case worker":         {w.as("ansatt-01"), "FUNKSJON_MANGLER", bergen},
		"the privacy officer":   {w.as("ansatt-05"), "FUNKSJON_MANGLER", bergen},
		"the operator":          {w.as(olav), "FUNKSJON_MANGLER", bergen},
		"another administrator": {w.as(vidar), "FUNKSJON_MANGLER", bergen},
		"a vendor":              {w.vendor(1), "FUNKSJON_MANGLER", bergen},
		"the administrator through a vendor's system": {w.viaVendor(1, arne), "FUNKSJON_MANGLER", bergen},
	} {
		for _, call := range []string{"GET ", "POST ", "GET /" + in.ID, "PATCH /" + in.ID, "DELETE /" + in.ID, "POST /" + in.ID + "/passord", "GET /" + bergen} {
			method, path, _ := strings.Cut(call, " ")
			var a reply
			added := w.entries(func() { a = w.ask(method, integrasjoner+path, "", c.h, "If-Match", "*") })
			if a.code(t) != c.code || len(added) != 1 || added[0].Utfall != audit.Avslag || added[0].FiksOrgID != c.org || added[0].Feilkode != c.code ||
				a.Header.Get("Hjemmel-Kvittering") == "" {
				t.Errorf("%s, %s: %s %+v", name, call, a.body, added)
			}
		}
	}
	there := w.ask("GET", integrasjoner, "", w.as(vidar))
	nowhere := w.ask("GET", strings.ReplaceAll(integrasjoner, bergen, in.ID), "", w.as(vidar))
	if there.code(t) != nowhere.code(t) || there.StatusCode != nowhere.StatusCode {
		t.Error("one can tell which organisations there are")
	}
	// Another organisation's integration looks like none in one's own.
	mine := strings.ReplaceAll(integrasjoner, bergen, voss)
	for _, id := range []string{in.ID, "20000001-0000-4000-9000-0000000000ff", "x"} {
		if a := w.ask("GET", mine+"/"+id, "", w.as(vidar)); a.code(t) != "INTEGRASJON_IKKE_FUNNET" {
			t.Errorf("%s: %s", id, a.body)
		}
	}
}

func TestIntegrationsRefuseWhatCannotBe(t *testing.T) {
	w := newTown(t)
	admin := w.as(arne)
	in := w.newIntegration(admin)
	for body, about := range map[string]string{
		``: "navn", `{"navn":"x","autorisertOrgnr":"310800015"}`: "navn",
		`{"navn":"` + strings.Repeat("a", 401) + `","autorisertOrgnr":"310800015"}`:                                                "navn",
		`{"navn":"a\u0000b","autorisertOrgnr":"310800015"}`:                                                                        "navn",
		`{"navn":"Fagsystem","autorisertOrgnr":"31080001"}`:                                                                        "autorisertOrgnr",
		`{"navn":"Fagsystem","autorisertOrgnr":"310800015","gyldigFra":"2030-01-01T00:00:00Z","gyldigTil":"2029-01-01T00:00:00Z"}`: "gyldigTil",
	} {
		a := w.ask("POST", integrasjoner, body, admin)
		if a.code(t) != "UGYLDIG_FELT" || !strings.Contains(string(a.body), about) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	for body, code := range map[string]string{
		`{"navn":1}`: "UGYLDIG_JSON", `{"fiksOrgId":"` + voss + `"}`: "UGYLDIG_JSON", `{"passord":[]}`: "UGYLDIG_JSON",
		`{"gyldigFra":"i morgen"}`: "UGYLDIG_JSON", `{"aktiv":true,"aktiv":false}`: "UGYLDIG_JSON", `{"navn":""}`: "UGYLDIG_FELT",
	} {
		if a := w.ask("PATCH", integrasjoner+"/"+in.ID, body, admin, "If-Match", in.ETag); a.code(t) != code {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if a := w.ask("PATCH", integrasjoner+"/"+in.ID, `{"aktiv":false}`, admin); a.code(t) != "IF_MATCH_MANGLER" {
		t.Errorf("%s", a.body)
	}
	if a := w.ask("GET", integrasjoner+"/"+in.ID, "", admin); a.Header.Get("ETag") != in.ETag {
		t.Error("something was changed all the same")
	}
}
