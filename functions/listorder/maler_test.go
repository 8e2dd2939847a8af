package listorder_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"hjemmel/shared/lists/template"
)

// Each of Fiks' templates makes a file with its columns, in a role that gives what it needs, as an order names it.
func TestEveryTemplateMakesAFile(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 1)
	refs := map[string]string{}
	for _, kode := range strings.Fields("VAKSINE LISTESOEK ALDERSGRUPPE BARNEHAGE BARNEHAGE_FOR_OPPHOLDSADRESSE SEND_SMS EGENDEFINERT SVAR_UT") {
		chosen := ""
		if kode == template.Custom {
			chosen = `,"minimering":["navn.etternavn","identifikasjonsnummer.foedselsEllerDNummer"]`
		}
		body := fmt.Sprintf(`{"rolleId":%q,"kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFormat":%q,"eksportFilformat":"CSV"%s}`, skole, kode, chosen)
		a := w.do("POST", fiks, body, h)
		var r struct{ Ref string }
		if err := json.Unmarshal(a.body, &r); err != nil {
			t.Fatal(err)
		}
		if kode == "SVAR_UT" { // needs every kind of address, abroad too, which a school has not
			if a.StatusCode != 403 || a.code() != "OPPLYSNING_UTENFOR_ROLLE" || !strings.Contains(string(a.body), "postadresseIUtlandet") {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
			continue
		}
		if a.StatusCode != 200 {
			t.Fatalf("%s: %d %s", kode, a.StatusCode, a.body)
		}
		refs[kode] = r.Ref
	}
	for kode, ref := range refs {
		if l := w.finished(skole, ref, h); l.InnbyggerlisteStatus != "FERDIG" || l.Rader == 0 {
			t.Fatalf("%s: %+v", kode, l)
		}
		want := []string{"Etternavn", "Fødselsnummer eller d-nummer"}
		if kode != template.Custom {
			m, err := template.New(kode, nil)
			if err != nil {
				t.Fatal(err)
			}
			want = nil
			for _, c := range m.Columns {
				want = append(want, c.Header)
			}
		}
		if rows := w.rows(ref, h); strings.Join(rows[0], ";") != strings.Join(want, ";") || len(rows) < 2 {
			t.Errorf("%s: %v", kode, rows[0])
		}
	}
}

// What names somebody withheld is in no part of a workbook, and in nothing that is told or kept on the way.
func TestAWorkbookIsSilentOfTheWithheld(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	hidden := w.Person("fortrolig").Reveal()
	var street, kommune string
	for f := range w.Freg.Population().Each {
		if f.ID.Reveal() == hidden {
			last := f.Adresser[len(f.Adresser)-1]
			street, kommune = last.Adressenavn, last.Kommunenummer
		}
	}
	ref := w.order(fmt.Sprintf(`{"rolleId":%q,"kommunenummer":[%q],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"maskinnavn":true}`, manntall, kommune), h)
	if r := w.finished(manntall, ref, h); r.InnbyggerlisteStatus != "FERDIG" {
		t.Fatalf("%+v", r)
	}
	file := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h).body
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	names := 0
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(hidden)) {
			t.Errorf("%s names somebody withheld", part.Name)
		}
		names += bytes.Count(text, []byte("identifikasjonsnummer_foedselsEllerDNummer"))
	}
	if names == 0 || street == "" {
		t.Error("no machine names")
	}
	w.quiet(hidden)
}
