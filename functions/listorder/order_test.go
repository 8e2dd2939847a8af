package listorder_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hjemmel/functions/admin"
	"hjemmel/functions/listorder"
	"hjemmel/functions/listrender"
	"hjemmel/shared/audit"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
)

const (
	fiks   = "/register/api/v1/ks/innbyggerliste/v1/rolle/"
	bergen = "b8d1c6de-1a44-4f0e-9c1b-6f1d7e0a4601"
)

// world is a served one in which lists are ordered, and made.
type world struct {
	served.World
	t testing.TB
}

func newWorld(t testing.TB, options ...func(*hosttest.Options)) *world {
	t.Helper()
	w := &world{served.Start(t, []served.Routes{listorder.Routes, admin.Routes}, options...), t}
	if err := listrender.Start(w.Env); err != nil {
		t.Fatal(err)
	}
	return w
}

type answer struct {
	*http.Response
	body []byte
}

func (a answer) code() string {
	var p struct{ ErrorCode string }
	_ = json.Unmarshal(a.body, &p) // no problem body has no code
	return p.ErrorCode
}

func (w *world) do(method, path, body string, h http.Header) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, w.Base+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header = h.Clone()
	if body != "" && h.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp, b}
}

type record struct {
	ID, InnbyggerlisteStatus, Feilkode, Feil string
	InnbyggereHentet, Rader                  int
	DokumentlagerID                          *string
}

// finished waits for a list to be made.
func (w *world) finished(role, ref string, h http.Header) record {
	w.t.Helper()
	for range 400 {
		a := w.do("GET", fiks+role+"/"+ref, "", h)
		var r record
		if err := json.Unmarshal(a.body, &r); err != nil || a.StatusCode != 200 {
			w.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		if r.InnbyggerlisteStatus == "FERDIG" || r.InnbyggerlisteStatus == "FEILET" {
			return r
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("not finished: %s", w.Log)
	return record{}
}

func (w *world) order(body string, h http.Header) (ref string) { return w.orderAt("", body, h) }

func (w *world) orderAt(path, body string, h http.Header) (ref string) {
	w.t.Helper()
	a := w.do("POST", fiks+path, body, h)
	var r struct{ FiksOrgID, Ref string }
	if err := json.Unmarshal(a.body, &r); err != nil || a.StatusCode != 200 || r.Ref == "" {
		w.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return r.Ref
}

// made orders a list, as CSV, waits for it and gives its rows, the header first.
func (w *world) made(path, body string, h http.Header) (ref string, rows [][]string) {
	w.t.Helper()
	ref = w.orderAt(path, body, h)
	if r := w.finished(manntall, ref, h); r.InnbyggerlisteStatus != "FERDIG" {
		w.t.Fatalf("%+v\n%s", r, w.Log)
	}
	return ref, w.rows(ref, h)
}

func (w *world) rows(ref string, h http.Header) [][]string {
	w.t.Helper()
	file := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h)
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.body, []byte("\ufeff"))))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || file.StatusCode != 200 || len(rows) == 0 {
		w.t.Fatal(err, file.StatusCode, len(rows))
	}
	return rows
}

const manntall = "10000007-0000-4000-8000-000000000007"

// largest is the kommune with most residents, and these, but for those whose dwelling is unknown.
func (w *world) largest() (kommune string, resident map[string]population.Facts) {
	by := map[string]map[string]population.Facts{}
	for f := range w.Freg.Population().Each {
		at := ""
		for _, a := range f.Adresser {
			if a.Rolle == "bostedsadresse" && a.ErGjeldende {
				at = a.Kommunenummer
			}
		}
		if f.Status == "bosatt" && at != "" {
			if by[at] == nil {
				by[at] = map[string]population.Facts{}
			}
			by[at][f.ID.Reveal()] = f
		}
	}
	for k, ids := range by {
		if len(ids) > len(resident) || len(ids) == len(resident) && k < kommune {
			kommune, resident = k, ids
		}
	}
	return kommune, resident
}

// protected are those who are graded, and their family.
func (w *world) protected() map[string]bool {
	all := map[string]bool{}
	for f := range w.Freg.Population().Each {
		graded := f.Adressebeskyttelse != ""
		for _, a := range f.Adresser {
			graded = graded || a.Adressegradering != "ugradert"
		}
		if graded {
			all[f.ID.Reveal()] = true
			for _, k := range f.Kin {
				all[k.ID.Reveal()] = true
			}
		}
	}
	return all
}

// What is ordered is made, and told as a lookup would tell it: everybody who lives there, but for those whom
// being on the list would give away.
func TestAListFromOrderToFile(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	kommune, resident := w.largest()
	ref := w.order(`{"rolleId":"`+manntall+`","kommunenummer":["`+kommune+`"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFilformat":"CSV"}`, h)
	r := w.finished(manntall, ref, h)
	if r.InnbyggerlisteStatus != "FERDIG" || r.DokumentlagerID == nil {
		t.Fatalf("%+v\n%s", r, w.Log)
	}
	file := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h)
	if file.StatusCode != 200 || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") || file.Header.Get("Hjemmel-Kvittering") == "" {
		t.Fatalf("%d %v %s", file.StatusCode, file.Header, file.body)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.body, []byte("\ufeff"))))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(err, len(rows))
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[0])
	}
	var leaves []string
	key, err := audit.NewKeys(w.Env.Config.AuditSecret)
	if err != nil {
		t.Fatal(err)
	}
	handled := map[string]int{}
	for _, e := range w.Entries(t) {
		handled[e.Handling]++
		if e.Handling == "innbyggerliste" && e.Subjekt != "" && e.Utfall == audit.Utlevert {
			k, err := key.Organisation(e.FiksOrgID)
			if err != nil {
				t.Fatal(err)
			}
			id, err := k.Unseal(e)
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, id.Reveal())
		}
	}
	slices.Sort(got)
	slices.Sort(leaves)
	if !slices.Equal(got, leaves) {
		t.Errorf("%d rows, %d entries", len(got), len(leaves))
	}
	for f := range w.Freg.Population().Each {
		elsewhere := slices.ContainsFunc(f.Adresser, func(a population.Adresse) bool {
			return a.Rolle == "bostedsadresse" && a.ErGjeldende && a.Kommunenummer != kommune
		})
		if slices.Contains(got, f.ID.Reveal()) && (elsewhere || f.Doed) {
			t.Error("somebody who does not live there is on the list")
		}
	}
	protected := w.protected()
	for id, f := range resident {
		if on := slices.Contains(got, id); on && f.Adressebeskyttelse != "" || !on && !protected[id] {
			t.Errorf("on the list: %v, graded %q", on, f.Adressebeskyttelse)
		}
	}
	if r.Rader != len(got) || len(got) == 0 {
		t.Errorf("%d rows of %d", len(got), r.Rader)
	}
	for _, name := range []string{"innbyggerliste-bestilt", "innbyggerliste-laget", "innbyggerliste-lastet"} {
		if handled[name] != 1 {
			t.Errorf("%s: %d entries", name, handled[name])
		}
	}
}

func TestAWorkbookCanBeOpened(t *testing.T) {
	w := newWorld(t)
	h := w.Employee(t, "ansatt-07")
	kommune, _ := w.largest()
	ref := w.order(`{"rolleId":"`+manntall+`","kommunenummer":["`+kommune+`"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"minimering":["navn.etternavn","navn.fornavn","foedsel.foedselsdato"],"beskrivelse":"Manntall"}`, h)
	if r := w.finished(manntall, ref, h); r.InnbyggerlisteStatus != "FERDIG" {
		t.Fatalf("%+v\n%s", r, w.Log)
	}
	file := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h)
	z, err := zip.NewReader(bytes.NewReader(file.body), int64(len(file.body)))
	if err != nil || len(z.File) < 6 {
		t.Fatal(err)
	}
	part := h.Clone()
	part.Set("Range", "bytes=0-3")
	if a := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", part); a.StatusCode != 206 || string(a.body) != "PK\x03\x04" {
		t.Errorf("%d %q", a.StatusCode, a.body)
	}
	if a := w.do("DELETE", fiks+manntall+"/"+ref, "", h); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// listen gives the events that are told in a moment, of a role or an organisation; nil where it is refused.
func (w *world) listen(of, after string, h http.Header) (events []map[string]any) {
	w.t.Helper()
	ctx, stop := context.WithTimeout(w.t.Context(), 400*time.Millisecond)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.Base+strings.TrimSuffix(fiks, "rolle/")+"events/"+of, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header = h.Clone()
	req.Header.Set("Last-Event-ID", after)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != 200 {
		return nil
	}
	body, _ := io.ReadAll(resp.Body) // until time is up
	for line := range strings.Lines(string(body)) {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var e map[string]any
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				w.t.Fatal(err)
			}
			events = append(events, e)
		}
	}
	return events
}

// Whoever listens is told how a list comes along, and misses nothing when they come back.
func TestProgressIsToldToThoseWhoListen(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	ref := w.order(`{"rolleId":"`+manntall+`","kommunenummer":["0301"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"]}`, h)
	w.finished(manntall, ref, h)
	all := w.listen("rolle/"+manntall, "0", h)
	if len(all) < 3 || all[0]["type"] != "HendelseInnbyggerlisteStartet" || all[1]["type"] != "HendelseInnbyggerlisteProgress" || all[len(all)-1]["type"] != "HendelseInnbyggerlisteFerdig" ||
		all[len(all)-1]["innbyggerlisteId"] != ref || all[len(all)-1]["dokumentlagerId"] != ref {
		t.Fatalf("%v", all)
	}
	second := strconv.FormatFloat(all[1]["hendelseId"].(float64), 'f', 0, 64)
	if rest := w.listen("rolle/"+manntall, second, h); len(rest) != len(all)-2 {
		t.Errorf("%d events after the second of %d", len(rest), len(all))
	}
	if same := w.listen(voss, "0", h); len(same) != len(all) {
		t.Errorf("%d events of the organisation, %d of its role", len(same), len(all))
	}
	if rest := w.listen(voss, second, h); len(rest) != len(all)-2 {
		t.Errorf("%d events of the organisation after the second of %d", len(rest), len(all))
	}
	if other := w.listen(bergen, "0", w.Vendor(t, 1)); len(other) != 0 {
		t.Errorf("another organisation has %v", other)
	}
	for name, who := range map[string]http.Header{"another vendor": w.Vendor(t, 1), "an employee without the role": w.Employee(t, "ansatt-06")} {
		if none := w.listen(voss, "0", who); len(none) != 0 {
			t.Errorf("%s is told: %v", name, none)
		}
	}
	if none := w.listen("rolle/"+manntall, "0", w.Vendor(t, 1)); none != nil {
		t.Errorf("a stranger is told: %v", none)
	}
}

// A list that only somebody protected would be on looks like one that nobody would: in the file, in the
// status, and in what is told on the way.
func TestAListDoesNotTellOfThoseWithheld(t *testing.T) {
	w := newWorld(t)
	h := w.Vendor(t, 2)
	var hidden population.Facts
	for f := range w.Freg.Population().Each {
		if f.ID == w.Person("fortrolig") {
			hidden = f
		}
	}
	at := hidden.Adresser[len(hidden.Adresser)-1].Kommunenummer
	told := func(year string) string {
		t.Helper()
		from := time.Now().UnixMicro()
		ref := w.order(`{"rolleId":"`+manntall+`","kommunenummer":["`+at+`"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"foedt":{"fraAar":`+year+`,"tilAar":`+year+`},"eksportFilformat":"CSV"}`, h)
		w.finished(manntall, ref, h)
		record := w.do("GET", fiks+manntall+"/"+ref, "", h).body
		file := w.do("GET", "/hjemmel/v1/lister/"+ref+"/fil", "", h).body
		book, err := w.Env.Lists()
		if err != nil {
			t.Fatal(err)
		}
		events, err := book.Hendelser(t.Context(), manntall, from, 100)
		if err != nil {
			t.Fatal(err)
		}
		text := string(file)
		for _, e := range events {
			text += fmt.Sprintf("\n%s %d", e.Slag, e.Rader)
		}
		var r map[string]any
		if err := json.Unmarshal(record, &r); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"id", "opprettet", "sistOppdatert", "utlopsdato", "definisjon", "dokumentlagerId"} {
			delete(r, name)
		}
		return text + fmt.Sprint(r)
	}
	one, none := told(hidden.Foedselsdato[:4]), told("1850")
	if one != none {
		t.Errorf("somebody protected:\n%s\nnobody:\n%s", one, none)
	}
}
