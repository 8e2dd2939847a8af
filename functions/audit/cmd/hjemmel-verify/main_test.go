package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hjemmel/functions/audit"
	log "hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/audit/tiles"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/host/hosttest/served"
)

// world is a served log of two sizes, with what a careful reader has kept of it.
type world struct {
	served.World
	t              *testing.T
	folder, key    string
	receipt        log.Receipt
	old, new       string // files of checkpoints
	proof, growth  string // files of proofs
	bucket, second string // folders
}

func begin(t *testing.T) world {
	t.Helper()
	w := world{t: t, folder: t.TempDir()}
	data := t.TempDir()
	w.World = served.Start(t, []served.Routes{audit.Routes}, func(o *hosttest.Options) { o.Data = data })
	w.bucket, w.second = filepath.Join(data, "logg"), filepath.Join(data, "sjekkpunkter")
	w.write(300)
	w.old = w.keep("checkpoint")
	w.receipt = w.write(270)
	w.new, w.key = w.keep("checkpoint"), w.keep("noekkel")
	w.proof, w.growth = w.keep("bevis/"+w.receipt.String()), w.keep("konsistens?fra=300")
	return w
}

// write writes entries and seals them.
func (w world) write(n int) log.Receipt {
	w.t.Helper()
	l, err := w.Env.Audit()
	if err != nil {
		w.t.Fatal(err)
	}
	entries := make([]log.Entry, n)
	for i := range entries {
		entries[i] = log.Entry{FiksOrgID: "org", Handling: "oppslag", Utfall: log.IngenData}
	}
	r, err := l.Append(w.t.Context(), entries...)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.Env.Sealer()
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := s.Seal(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return r
}

// keep writes an answer to a file of its own.
func (w world) keep(path string) string {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "GET", w.Base+"/hjemmel/v1/logg/"+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != 200 {
		w.t.Fatalf("%s: %d %v", path, a.StatusCode, err)
	}
	f, err := os.CreateTemp(w.folder, "kept")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := f.Write(b); err != nil || f.Close() != nil {
		w.t.Fatal(err)
	}
	return f.Name()
}

func (w world) run(args ...string) (string, error) {
	var out bytes.Buffer
	err := run(w.t.Context(), append([]string{"-key", "@" + w.key}, args...), &out)
	return out.String(), err
}

func TestWhatHoldsIsTold(t *testing.T) {
	w := begin(t)
	for want, args := range map[string][]string{
		"270 innslag er i loggen":                 {"kvittering", w.receipt.String(), w.proof},
		"570 innslag begynner med loggen med 300": {"konsistens", w.old, w.new, w.growth},
		"570 innslag, rot":                        {"logg", w.bucket},
		"og 2 andre sjekkpunkter":                 {"logg", w.bucket, w.second},
		"Stemmer: 570 innslag":                    {"logg", w.Base + "/hjemmel/v1/logg"},
		"og 2 andre sjekkpunkter.\n":              {"logg", w.Base + "/hjemmel/v1/logg/", w.second},
	} {
		got, err := w.run(args...)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%v: %q %v", args[0], got, err)
		}
	}
}

func TestWhatDoesNotHoldIsRefused(t *testing.T) {
	w := begin(t)
	other := w.write(1)
	later := w.keep("checkpoint")
	second := w.keep("bevis/" + other.String())
	fails := func(what string, args ...string) {
		t.Helper()
		if got, err := w.run(args...); err == nil || errors.Is(err, errUsage) || got != "" {
			t.Errorf("%s: %q %v", what, got, err)
		}
	}
	fails("another receipt's proof", "kvittering", w.receipt.String(), second)
	fails("no proof", "kvittering", w.receipt.String(), w.key)
	fails("no file", "kvittering", w.receipt.String(), w.folder+"/none")
	fails("another checkpoint", "konsistens", w.old, later, w.growth)
	fails("checkpoints in the wrong order", "konsistens", w.new, w.old, w.growth)
	fails("no log", "logg", w.folder)
	fails("no log there", "logg", w.Base)
	change(t, w.proof, []byte(`"indeks":300`), []byte(`"indeks":299`))
	fails("another leaf", "kvittering", w.receipt.String(), w.proof)
	keep := filepath.Join(w.folder, "all")
	for name, file := range map[string]string{"leaf": "tile/entries/001", "tile": "tile/0/001", "upper tile": "tile/1/000.p/2", "checkpoint": "checkpoint"} {
		if err := os.CopyFS(keep+name, os.DirFS(w.bucket)); err != nil {
			t.Fatal(err)
		}
		change(t, filepath.Join(keep+name, file), nil, nil)
		fails(name, "logg", keep+name)
	}
	old := filepath.Join(w.folder, "taken back")
	if err := os.CopyFS(old, os.DirFS(w.bucket)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(w.old)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(old, "checkpoint"), b, 0o600); err != nil { //nolint:gosec // a folder of the test
		t.Fatal(err)
	}
	if _, err := w.run("logg", old); err != nil {
		t.Errorf("a log taken back looks whole by itself: %v", err)
	}
	fails("a log taken back", "logg", old, w.second)
}

// change puts other bytes into a file, or turns one bit of it.
func change(t *testing.T, name string, from, to []byte) {
	t.Helper()
	b, err := os.ReadFile(name) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	if from == nil {
		b[len(b)-40] ^= 1
	} else if b = bytes.Replace(b, from, to, 1); !bytes.Contains(b, to) {
		t.Fatalf("%s has no %s", name, from)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil { //nolint:gosec // a file of the test
		t.Fatal(err)
	}
}

func TestWrongArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"logg", "x"}, {"-key", "k"}, {"-key", "k", "logg"}, {"-key", "k", "kvittering", "x"}, {"-key", "k", "annet", "x"}, {"-nei", "k", "logg", "x"}} {
		if err := run(t.Context(), args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestAPackIsChecked(t *testing.T) {
	w := begin(t)
	reader, err := w.Env.Finder()
	if err != nil {
		t.Fatal(err)
	}
	var p tiles.Pack
	var entries []log.Entry
	_, err = reader.Newest(t.Context(), find.Query{FiksOrgID: "org", Til: w.Env.Now()}, 10, func(e log.Entry, r log.Record) (bool, error) {
		entries, p.Innslag = append(entries, e), append(p.Innslag, tiles.Evidence{Innslag: string(r.Innslag), Salt: r.Salt})
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Env.Sealer()
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, leaves, err := s.Evidence(t.Context(), entries)
	if err != nil || len(leaves) != 10 {
		t.Fatal(len(leaves), err)
	}
	p.Sjekkpunkt = checkpoint
	for i, l := range leaves {
		p.Innslag[i].Leaf = l
	}
	b, err := json.Marshal(p)
	file := filepath.Join(w.folder, "bevis.json")
	if err != nil || os.WriteFile(file, b, 0o600) != nil {
		t.Fatal(err)
	}
	if got, err := w.run("pakke", file); err != nil || !strings.Contains(got, "10 innslag står i loggen") {
		t.Errorf("%q %v", got, err)
	}
	change(t, file, []byte(`INGEN_DATA`), []byte(`UTLEVERT\t`))
	for _, bad := range []string{file, w.key, w.folder + "/none"} {
		if got, err := w.run("pakke", bad); err == nil || got != "" {
			t.Errorf("%q %v", got, err)
		}
	}
}
