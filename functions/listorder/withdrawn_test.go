package listorder_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob"

	"hjemmel/shared/store"
)

const recallHere = "/hjemmel/v1/organisasjoner/" + voss + "/lister/tilbaketrekking"

// listed makes a list of the largest kommune, and gives its id and the numbers on it.
func (w *world) listed(h http.Header) (ref string, numbers []string) {
	w.t.Helper()
	kommune, _ := w.largest()
	ref, rows := w.made("", `{"rolleId":"`+manntall+`","kommunenummer":["`+kommune+`"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFilformat":"CSV"}`, h)
	for _, row := range rows[1:] {
		numbers = append(numbers, row[0])
	}
	return ref, numbers
}

// until waits for something to be so.
func (w *world) until(what string, so func() bool) {
	w.t.Helper()
	for range 200 {
		if so() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("never: %s\n%s", what, w.Log)
}

func (w *world) keys(prefix string) (n int) {
	w.t.Helper()
	s, err := w.Env.State()
	if err != nil {
		w.t.Fatal(err)
	}
	found, err := store.All(context.Background(), s, prefix)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(found)
}

func (w *world) blobs() (n int) {
	w.t.Helper()
	b, err := w.Env.Files()
	if err != nil {
		w.t.Fatal(err)
	}
	for all := b.List(&blob.ListOptions{}); ; n++ {
		if _, err := all.Next(context.Background()); errors.Is(err, io.EOF) {
			return n
		} else if err != nil {
			w.t.Fatal(err)
		}
	}
}

// Somebody on a list must not be found there any more: the file can be had no longer and is gone, everybody who had
// it must say that their copies are, and nothing tells whom it was for.
func TestAListIsWithdrawn(t *testing.T) {
	w := newWorld(t)
	h, admin := w.Vendor(t, 2), w.Employee(t, "ansatt-07")
	ref, numbers := w.listed(h)
	file, record := "/hjemmel/v1/lister/"+ref+"/fil", fiks+manntall+"/"+ref
	w.do("GET", file, "", admin)
	w.do("GET", file, "", admin)
	var r struct {
		Nedlastinger    int
		DokumentlagerID *string
		Trukket         *struct {
			Tekst   string
			Mangler int
		}
	}
	read := func() {
		t.Helper()
		r.Trukket, r.DokumentlagerID = nil, nil
		if a := w.do("GET", record, "", h); json.Unmarshal(a.body, &r) != nil || a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	if read(); r.Nedlastinger != 3 || r.Trukket != nil || w.blobs() != 1 || w.keys("listepersoner/") != 1 {
		t.Fatalf("%+v, %d files", r, w.blobs())
	}
	if a := w.do("POST", "/hjemmel/v1/lister/"+ref+"/tilbaketrekking/bekreftelse", "", h); a.code() != "INGENTING_AA_BEKREFTE" {
		t.Errorf("%s", a.body)
	}
	nobody := w.do("POST", recallHere, `{"personidentifikator":"`+w.Person("strengtFortrolig").Reveal()+`"}`, admin)
	somebody := w.do("POST", recallHere, `{"personidentifikator":"`+numbers[0]+`"}`, admin)
	again := w.do("POST", recallHere, `{"personidentifikator":"`+numbers[0]+`"}`, admin)
	for name, a := range map[string]answer{"nobody": nobody, "somebody": somebody, "again": again} {
		if a.StatusCode != 202 || string(a.body) != `{"mottatt":true}` || a.Header.Get("Hjemmel-Kvittering") == "" || len(a.Header) != len(nobody.Header) {
			t.Errorf("%s: %d %s %v", name, a.StatusCode, a.body, a.Header)
		}
	}
	w.until("withdrawn", func() bool { read(); return r.Trukket != nil && w.blobs() == 0 && w.keys("utboks/") == 0 })
	if r.DokumentlagerID != nil || r.Trukket.Mangler != 2 || strings.Contains(strings.ToLower(r.Trukket.Tekst), "grad") || w.keys("listepersoner/") != 0 {
		t.Errorf("%+v", r)
	}
	if a := w.do("GET", file, "", admin); a.code() != "INNBYGGERLISTE_TRUKKET" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("DELETE", record, "", h); a.code() != "INNBYGGERLISTE_TRUKKET" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	all := w.listen("rolle/"+manntall, "0", h)
	if last := all[len(all)-1]; last["type"] != "HendelseInnbyggerlisteFeilet" || last["trukket"] != true || last["innbyggerlisteId"] != ref || last["beskrivelse"] == "" {
		t.Errorf("who listens is told %v", last)
	}
	w.confirmed(ref, h, admin)
	if a := w.do("DELETE", record, "", h); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	withdrawn := 0
	for _, e := range w.Entries(t) {
		if e.Handling == "innbyggerliste-trukket" {
			if withdrawn++; e.Gjelder != ref || e.Subjekt != "" {
				t.Errorf("%+v", e)
			}
		}
		if e.Handling == "innbyggerliste-tilbaketrekking" && e.Subjekt == "" {
			t.Error("a number is tried without a trace")
		}
	}
	if withdrawn != 1 {
		t.Errorf("withdrawn %d times", withdrawn)
	}
}

// confirmed has everybody confirm, also who has lost the role since.
func (w *world) confirmed(ref string, h, admin http.Header) {
	w.t.Helper()
	at := "/hjemmel/v1/lister/" + ref + "/tilbaketrekking"
	var all struct{ Bekreftet, Mangler []struct{ Aktor string } }
	copies := func() (confirmed, missing int) {
		w.t.Helper()
		if a := w.do("GET", at, "", admin); a.StatusCode != 200 || json.Unmarshal(a.body, &all) != nil {
			w.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return len(all.Bekreftet), len(all.Mangler)
	}
	if c, m := copies(); c != 0 || m != 2 {
		w.t.Errorf("%+v", all)
	}
	for name, h := range map[string]http.Header{"a stranger": w.Employee(w.t, "ansatt-01"), "no role": w.Employee(w.t, "ansatt-06")} {
		if a := w.do("POST", at+"/bekreftelse", "", h); a.code() != "INNBYGGERLISTE_IKKE_FUNNET" {
			w.t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if a := w.do("GET", at, "", h); a.code() != "INNBYGGERLISTE_IKKE_FUNNET" {
			w.t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := w.do("DELETE", "/hjemmel/v1/roller/"+manntall+"/tildelinger/ansatt-07", "", admin); a.StatusCode != 204 {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, h := range []http.Header{admin, admin, h} { // once too often
		if a := w.do("POST", at+"/bekreftelse", "", h); a.StatusCode != 204 {
			w.t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if c, m := copies(); c != 2 || m != 0 {
		w.t.Errorf("%+v", all)
	}
}

// Who may have lists withdrawn: in their own organisation administrators and privacy officers, everywhere the
// operator.
func TestWhoMayHaveListsWithdrawn(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	ref, numbers := w.listed(h)
	body := `{"personidentifikator":"` + numbers[0] + `"}`
	for name, c := range map[string]struct {
		path string
		h    http.Header
		code string
	}{
		"a system": {recallHere, h, "FUNKSJON_MANGLER"}, "another's administrator": {recallHere, w.Employee(t, "ansatt-04"), "FUNKSJON_MANGLER"}, "a case worker": {recallHere, w.Employee(t, "ansatt-06"), "FUNKSJON_MANGLER"},
		"an administrator, everywhere": {"/hjemmel/v1/lister/tilbaketrekking", w.Employee(t, "ansatt-07"), "FUNKSJON_MANGLER"},
	} {
		if a := w.do("POST", c.path, body, c.h); a.code() != c.code {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := w.do("POST", recallHere, `{"personidentifikator":"1"}`, w.Employee(t, "ansatt-07")); a.code() != "UGYLDIG_IDENTIFIKATOR" {
		t.Errorf("%s", a.body)
	}
	other := "/hjemmel/v1/organisasjoner/" + bergen + "/lister/tilbaketrekking" // where the person is on none
	if a := w.do("POST", other, body, w.Employee(t, "ansatt-05")); a.StatusCode != 202 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	w.until("done", func() bool { return w.keys("utboks/") == 0 })
	if a := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h); a.StatusCode != 200 {
		t.Errorf("another organisation withdrew it: %d", a.StatusCode)
	}
	if a := w.do("POST", "/hjemmel/v1/lister/tilbaketrekking", body, w.Employee(t, "ansatt-08")); a.StatusCode != 202 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	w.until("done", func() bool { return w.keys("utboks/") == 0 })
	if a := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h); a.code() != "INNBYGGERLISTE_TRUKKET" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
