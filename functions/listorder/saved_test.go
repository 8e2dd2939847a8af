package listorder_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

const (
	savedAt  = "/hjemmel/v1/organisasjoner/" + voss + "/listemaler"
	savedID  = "3f0c6a51-8a57-4a0e-9f0f-0d6c1a2b3c4d"
	saveable = `{"navn":"Skolekretser","kolonner":["navn.etternavn","navn_fornavn"],"maskinnavn":true,"filformat":"CSV"}`
)

// What an organisation has saved is used by its id, and shapes the file as the columns would have, in their order.
func TestASavedTemplateIsUsed(t *testing.T) {
	w := newWorld(t)
	h, admin := w.Vendor(t, 2), w.Employee(t, "ansatt-07")
	for range 2 { // the second writes the same over it
		if a := w.do("PUT", savedAt+"/"+strings.ToUpper(savedID), saveable, admin); a.StatusCode != 200 || !strings.Contains(string(a.body), `"grunnlag":"EGENDEFINERT"`) || a.Header.Get("Hjemmel-Kvittering") == "" {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	var kept struct {
		Listemaler []struct{ ID, Navn, Filformat string }
	}
	if a := w.do("GET", savedAt, "", h); json.Unmarshal(a.body, &kept) != nil || len(kept.Listemaler) != 1 || kept.Listemaler[0].ID != savedID || kept.Listemaler[0].Navn != "Skolekretser" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	order := fmt.Sprintf(`{"rolleId":%q,"kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFormat":%q}`, manntall, savedID)
	_, rows := w.made("", order, h)
	if strings.Join(rows[0], ";") != "Etternavn;Fornavn" || strings.Join(rows[1], ";") != "navn_etternavn;navn_fornavn" || len(rows) < 3 {
		t.Errorf("%v", rows[:2])
	}
	ref := w.order(strings.Replace(order, `}`, `,"eksportFilformat":"XLSX"}`, 1), h)
	if a := w.do("DELETE", savedAt+"/"+savedID, "", admin); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if r := w.finished(manntall, ref, h); r.InnbyggerlisteStatus != "FERDIG" { // it keeps its columns
		t.Fatalf("%+v", r)
	}
	if text := w.unzipped(ref, h); !strings.Contains(text, "Skolekretser (EGENDEFINERT)") {
		t.Error("the cover does not name the template")
	}
	for name, a := range map[string]answer{"used": w.do("POST", fiks, order, h), "removed": w.do("DELETE", savedAt+"/"+savedID, "", admin)} {
		if a.code() != "LISTEMAL_IKKE_FUNNET" {
			t.Errorf("%s after it was removed: %d %s", name, a.StatusCode, a.body)
		}
	}
}

// unzipped is the text of all parts of a workbook.
func (w *world) unzipped(ref string, h http.Header) (text string) {
	w.t.Helper()
	file := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h).body
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			w.t.Fatal(err)
		}
		text += part.Name + "\n" + string(b) + "\n"
	}
	return text
}

// Administrators write them, holders of roles for lists see them, and others neither; a template gives no column
// that the role does not.
func TestASavedTemplateGivesNobodyAnything(t *testing.T) {
	w := newWorld(t)
	h, admin := w.Vendor(t, 2), w.Employee(t, "ansatt-07")
	for name, body := range map[string]string{
		"UGYLDIG_FELT":        `{"navn":"x","kolonner":["navn.fornavn"]}`,
		"KOLONNER_UGYLDIGE":   `{"navn":"Uten kolonner"}`,
		"MAL_UKJENT":          `{"navn":"Ukjent","grunnlag":"FINNES_IKKE"}`,
		"UGYLDIG_FORESPORSEL": `{"navn":"Fremmed felt","fremmed":1}`,
	} {
		if a := w.do("PUT", savedAt+"/"+savedID, body, admin); a.StatusCode != 400 || name != "UGYLDIG_FORESPORSEL" && a.code() != name {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := w.do("PUT", savedAt+"/ikke-en-uuid", saveable, admin); a.code() != "UGYLDIG_FELT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for name, who := range map[string]http.Header{"holder": h, "another's employee": w.Employee(t, "ansatt-03"), "another organisation": w.Vendor(t, 1)} {
		for _, method := range []string{"PUT", "DELETE"} {
			body := map[string]string{"PUT": saveable}[method]
			if a := w.do(method, savedAt+"/"+savedID, body, who); a.code() != "FUNKSJON_MANGLER" {
				t.Errorf("%s, %s: %d %s", name, method, a.StatusCode, a.body)
			}
		}
		if a := w.do("GET", savedAt, "", who); (a.StatusCode == 200) != (name == "holder") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	for name, want := range map[string]int{"ansatt-02": 403, "ansatt-04": 200} { // holds a role, but none for lists; administers
		if a := w.do("GET", strings.Replace(savedAt, voss, bergen, 1), "", w.Employee(t, name)); a.StatusCode != want {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	wide := `{"navn":"Sivilstand","kolonner":["navn.fornavn","rettsligHandleevne.rettsligHandleevneomfang"]}`
	if a := w.do("PUT", savedAt+"/"+savedID, wide, admin); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	order := strings.Replace(simple, "}", `,"eksportFormat":"`+savedID+`"}`, 1)
	if a := w.do("POST", fiks, order, h); a.code() != "OPPLYSNING_UTENFOR_ROLLE" || !strings.Contains(string(a.body), "rettsligHandleevneomfang") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("POST", fiks, strings.Replace(order, "}", `,"minimering":["navn.fornavn"]}`, 1), h); a.code() != "LISTEMAL_HAR_KOLONNER" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	foreign := fmt.Sprintf(`{"rolleId":%q,"kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFormat":%q}`, skole, savedID)
	if a := w.do("POST", fiks, foreign, w.Vendor(t, 1)); a.code() != "LISTEMAL_IKKE_FUNNET" {
		t.Errorf("another organisation's: %d %s", a.StatusCode, a.body)
	}
}
