package audit_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	function "hjemmel/functions/audit"
	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/host"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/store/storetest"
)

type world struct {
	served.World
	t     *testing.T
	state *storetest.FaultyStore
}

func begin(t *testing.T) world {
	t.Helper()
	state := storetest.Faulty(storetest.NewMemory())
	w := served.Start(t, []served.Routes{function.Routes}, func(o *hosttest.Options) { o.Store = state })
	return world{w, t, state}
}

func (w world) write(n int) audit.Receipt {
	w.t.Helper()
	l, err := w.Env.Audit()
	if err != nil {
		w.t.Fatal(err)
	}
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{FiksOrgID: "org", Handling: "oppslag", Utfall: audit.IngenData}
	}
	r, err := l.Append(w.t.Context(), entries...)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w world) call(method, path, token string) (int, http.Header, []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.Base+"/hjemmel/v1/logg/"+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return a.StatusCode, a.Header, b
}

func (w world) get(path string) []byte {
	w.t.Helper()
	status, _, b := w.call("GET", path, "")
	if status != 200 {
		w.t.Fatalf("%s: %d %s", path, status, b)
	}
	return b
}

func (w world) seal(want string) {
	w.t.Helper()
	if status, _, b := w.call("POST", "forsegl", w.Platform(w.t).Get("Authorization")); status != 200 || string(b) != want {
		w.t.Fatalf("%d %s, want %s", status, b, want)
	}
}

// foreign is a client of transparency logs that knows nothing of ours: x/mod's tlog, and the names of
// files after c2sp.org/tlog-tiles.
type foreign struct{ world }

func (foreign) Height() int                         { return 8 }
func (foreign) SaveTiles([]tlog.Tile, [][]byte)     {}
func (f foreign) name(level string, n int64) string { return fmt.Sprintf("tile/%s/%03d", level, n) } // below 256 000 leaves
func (f foreign) partial(name string, w int) string {
	if w == 256 {
		return name
	}
	return fmt.Sprintf("%s.p/%d", name, w)
}
func (f foreign) ReadTiles(all []tlog.Tile) (data [][]byte, err error) {
	for _, t := range all {
		data = append(data, f.get(f.partial(f.name(fmt.Sprint(t.L), t.N), t.W)))
	}
	return data, nil
}

func (f foreign) checkpoint() tlog.Tree {
	f.t.Helper()
	v, err := note.NewVerifier(strings.TrimSpace(string(f.get("noekkel"))))
	if err != nil {
		f.t.Fatal(err)
	}
	n, err := note.Open(f.get("checkpoint"), note.VerifierList(v))
	if err != nil {
		f.t.Fatal(err)
	}
	var origin, root string
	var tree tlog.Tree
	if _, err := fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &origin, &tree.N, &root); err != nil || origin != v.Name() {
		f.t.Fatalf("%q: %v", n.Text, err)
	}
	if tree.Hash, err = tlog.ParseHash(root); err != nil {
		f.t.Fatal(err)
	}
	return tree
}

// A client that is not ours finds every leaf under the checkpoint, over http, and nothing else.
func TestAForeignClientReadsTheLog(t *testing.T) {
	w := begin(t)
	f := foreign{w}
	if tree := f.checkpoint(); tree.N != 0 {
		t.Fatalf("%d leaves before there were any", tree.N)
	}
	before := map[string]bool{}
	var old tlog.Tree
	for _, n := range []int{1, 254, 1, 1, 600, 1} {
		w.write(n)
		w.seal(fmt.Sprintf(`{"forseglet":%d,"hull":0}`, n))
		tree := f.checkpoint()
		hashes := tlog.TileHashReader(tree, f)
		for i := range tree.N {
			at := min(256, tree.N-i/256*256)
			bundle := f.get(f.partial(f.name("entries", i/256), int(at)))
			leaf := bundle[i%256*34:][:34]
			p, err := tlog.ProveRecord(tree.N, i, hashes)
			if err != nil || tlog.CheckRecord(p, tree.N, tree.Hash, i, tlog.RecordHash(leaf[2:])) != nil || leaf[0] != 0 || leaf[1] != 32 {
				t.Fatalf("leaf %d of %d: %v", i, tree.N, err)
			}
			before[string(leaf[2:])] = true
		}
		if old.N > 0 {
			p, err := tlog.ProveTree(tree.N, old.N, hashes)
			if err != nil || tlog.CheckTree(p, tree.N, tree.Hash, old.N, old.Hash) != nil {
				t.Fatal(err)
			}
		}
		old = tree
	}
	if len(before) != 858 || len(w.Entries(t)) != 858 {
		t.Errorf("%d leaves, %d entries", len(before), len(w.Entries(t)))
	}
}

func TestReceiptsAreProvedToAnybody(t *testing.T) {
	w := begin(t)
	one, many := w.write(1), w.write(700)
	status, h, b := w.call("GET", "bevis/"+one.String(), "")
	if status != 503 || h.Get("Retry-After") != "10" || code(b) != "IKKE_FORSEGLET" {
		t.Errorf("%d %v %s", status, h, b)
	}
	w.seal(`{"forseglet":701,"hull":0}`)
	older := w.get("checkpoint")
	w.write(20)
	w.seal(`{"forseglet":20,"hull":0}`)
	key := string(w.get("noekkel"))
	for _, r := range []audit.Receipt{one, many} {
		p, err := tiles.Read[tiles.Inclusion](w.get("bevis/" + r.String()))
		if err != nil || p.Verify(key) != nil || p.Kvittering != r.String() {
			t.Errorf("%s: %v", r, err)
		}
	}
	c, err := tiles.Read[tiles.Consistency](w.get("konsistens?fra=701&til=721"))
	if err != nil || c.Verify(key, older, w.get("checkpoint")) != nil {
		t.Error(err)
	}
}

func code(b []byte) string {
	var p struct{ ErrorCode string }
	_ = json.Unmarshal(b, &p)
	return p.ErrorCode
}

func TestWhatIsRefused(t *testing.T) {
	w := begin(t)
	r := w.write(2)
	w.seal(`{"forseglet":2,"hull":0}`)
	unknown := strings.Replace(r.String(), "v1.", "v1.0", 1)
	unknown = unknown[:23] + unknown[24:]
	for _, c := range []struct {
		method, path, token string
		status              int
		code                string
	}{
		{"GET", "bevis/x", "", 400, "KVITTERING_UGYLDIG"}, {"GET", "bevis/" + r.String() + "x", "", 400, "KVITTERING_UGYLDIG"},
		{"GET", "bevis/" + unknown, "", 404, "KVITTERING_UKJENT"},
		{"GET", "konsistens", "", 400, "UGYLDIG_STOERRELSE"}, {"GET", "konsistens?fra=-1", "", 400, "UGYLDIG_STOERRELSE"},
		{"GET", "konsistens?fra=2&til=1", "", 400, "UGYLDIG_STOERRELSE"}, {"GET", "konsistens?fra=1&til=3", "", 400, "UGYLDIG_STOERRELSE"},
		{"GET", "konsistens?fra=3", "", 400, "UGYLDIG_STOERRELSE"}, {"GET", "konsistens?fra=1&til=x", "", 400, "UGYLDIG_STOERRELSE"},
		{"GET", "konsistens?fra=1&til=-1", "", 400, "UGYLDIG_STOERRELSE"}, {"GET", "konsistens?fra=1&fra=1", "", 400, "UGYLDIG_STOERRELSE"},
		{"GET", "konsistens?fra=1&person=1", "", 400, "UGYLDIG_STOERRELSE"}, {"GET", "konsistens?fra=99999999999999999999", "", 400, "UGYLDIG_STOERRELSE"},
		{"GET", "tile/0/001", "", 404, "LOGGFIL_UKJENT"}, {"GET", "tile/0/000.p/1", "", 404, "LOGGFIL_UKJENT"},
		{"GET", "tile/0/000.p/0", "", 404, "LOGGFIL_UKJENT"}, {"GET", "tile/64/000", "", 404, "LOGGFIL_UKJENT"},
		{"GET", "tile/0/..%2f..%2f..%2fhjemmel.db", "", 404, "LOGGFIL_UKJENT"}, {"GET", "tile/%2e%2e/checkpoint", "", 404, "LOGGFIL_UKJENT"},
		{"POST", "forsegl", "", 401, "PLATTFORM_UKJENT"}, {"POST", "forsegl", "Bearer ", 401, "PLATTFORM_UKJENT"},
		{"POST", "forsegl", w.Employee(t, "ansatt-07").Get("Authorization"), 401, "PLATTFORM_UKJENT"},
		{"POST", "forsegl", strings.TrimPrefix(w.Platform(t).Get("Authorization"), "Bearer "), 401, "PLATTFORM_UKJENT"},
	} {
		if status, _, b := w.call(c.method, c.path, c.token); status != c.status || code(b) != c.code {
			t.Errorf("%s %s: %d %s", c.method, c.path, status, b)
		}
	}
	if w.get("tile/0/000.p/2") == nil {
		t.Error("what is there is not served")
	}
}

// Without settings nobody is the scheduler.
func TestWithoutSettingsNobodyIsTheScheduler(t *testing.T) {
	w := begin(t)
	w.Env.Config.PlatformAudience, w.Env.Config.PlatformCallers = "", nil
	h, err := host.Routed(function.Routes)(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/hjemmel/v1/logg/forsegl", nil)
	r.Header = w.Platform(t)
	a := httptest.NewRecorder()
	if h.ServeHTTP(a, r); a.Code != 401 || code(a.Body.Bytes()) != "PLATTFORM_UKJENT" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestFilesMayBeKeptAndCheckpointsNot(t *testing.T) {
	w := begin(t)
	w.write(1)
	w.seal(`{"forseglet":1,"hull":0}`)
	for path, want := range map[string]string{"tile/entries/000.p/1": "public, max-age=31536000, immutable", "checkpoint": "public, max-age=2", "status": "no-store", "tile/0/009": "no-store"} {
		if _, h, _ := w.call("GET", path, ""); h.Get("Cache-Control") != want {
			t.Errorf("%s: %s", path, h.Get("Cache-Control"))
		}
	}
}

// An entry that is taken shows in the answer, in the log line and in the status; no datum does.
func TestAHoleIsRaised(t *testing.T) {
	w := begin(t)
	skriver, _ := w.write(1).First()
	w.write(1)
	w.write(1)
	for _, key := range []string{audit.Key(skriver, 2), audit.UnsealedKey(skriver, 2)} {
		w.remove(key)
	}
	w.seal(`{"forseglet":2,"hull":1}`)
	if line := w.Log.String(); !strings.Contains(line, `"code":"LOGG_HULL","count":1`) || strings.Contains(line, skriver) {
		t.Error(line)
	}
	var st struct {
		Forseglet int
		Hull      []struct {
			Skriver  string
			Fra, Til int
			Art      string
		}
	}
	if err := json.Unmarshal(w.get("status"), &st); err != nil || st.Forseglet != 2 || len(st.Hull) != 1 || st.Hull[0].Skriver != skriver || st.Hull[0].Fra != 2 || st.Hull[0].Til != 2 || st.Hull[0].Art != "MANGLER" {
		t.Errorf("%+v %v", st, err)
	}
}

// The scheduler has what is old erased, and nobody else does.
func TestTheSchedulerHasOldEntriesErased(t *testing.T) {
	w := begin(t)
	keys, err := audit.NewKeys(w.Env.Config.AuditSecret)
	if err != nil {
		t.Fatal(err)
	}
	l := audit.NewLog(w.state, keys, func() time.Time { return time.Now().AddDate(-6, 0, 0) })
	defer l.Close()
	old := audit.Entry{FiksOrgID: "org", Handling: "oppslag", Utfall: audit.IngenData}
	r, err := l.Append(t.Context(), old, old)
	if err != nil {
		t.Fatal(err)
	}
	w.seal(`{"forseglet":2,"hull":0}`)
	erase := func(who http.Header) (int, string) {
		a, q := httptest.NewRecorder(), httptest.NewRequest("POST", "/hjemmel/v1/logg/slett", nil)
		q.Header = who
		h, err := host.Routed(function.Routes)(w.Env)
		if err != nil {
			t.Fatal(err)
		}
		h.ServeHTTP(a, q)
		return a.Code, strings.TrimSpace(a.Body.String())
	}
	if status, _ := erase(http.Header{}); status != 401 {
		t.Error(status)
	}
	if status, b := erase(w.Platform(t)); status != 200 || b != `{"slettet":2}` {
		t.Error(status, b)
	}
	if status, b := erase(w.Platform(t)); status != 200 || b != `{"slettet":0}` {
		t.Error(status, b)
	}
	w.get("bevis/" + r.String())
}
