package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/postgres"
	"hjemmel/shared/store/postgres/postgrestest"
	"hjemmel/shared/store/storetest"
)

func opened(t *testing.T, at string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fresh(t *testing.T, server *postgrestest.Server) *postgres.Store {
	t.Helper()
	at, _ := server.Fresh(t)
	return opened(t, at)
}

func commit(t *testing.T, s store.Store, ops ...store.Op) {
	t.Helper()
	if err := s.Commit(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
}

// Each step of the machine is a transaction or two, so fewer runs must do unless the command line says otherwise.
func TestConformance(t *testing.T) {
	if checks := flag.Lookup("rapid.checks").Value; checks.String() == "100" {
		_ = checks.Set("30") // a number is always taken
		t.Cleanup(func() { _ = checks.Set("100") })
	}
	server := postgrestest.Start(t)
	storetest.Run(t, func(t *testing.T) store.Store { return fresh(t, server) })
}

// The largest lawful commit is one: the suite leaves its total to each driver.
func TestLargestCommit(t *testing.T) {
	s := fresh(t, postgrestest.Start(t))
	var ops []store.Op
	for i := range store.MaxOps {
		ops = append(ops, store.Create(fmt.Sprintf("k/%04d", i), make([]byte, 4000)))
	}
	commit(t, s, ops...)
	found, err := store.All(t.Context(), s, "k/")
	if err != nil || len(found) != store.MaxOps {
		t.Errorf("%d records: %v", len(found), err)
	}
}

// A server whose power is cut in the middle of commits, some rounds: what it acknowledged is there, no commit is there
// in part, and the same connections serve when it is back.
func TestKilled(t *testing.T) {
	const writers = 4
	server := postgrestest.Start(t)
	s := fresh(t, server)
	acknowledged := &lines{}
	for range 4 {
		enough := acknowledged.after(1 + rand.IntN(200))
		var working sync.WaitGroup
		for w := range writers {
			working.Go(func() {
				if err := storetest.CountUp(s, w, acknowledged); !fault.Is(err, fault.Unavailable) {
					t.Errorf("a writer whose server died got %v", err)
				}
			})
		}
		<-enough
		server.Kill(t)
		working.Wait()
		server.Up(t)
		found, err := s.GetMany(t.Context(), acknowledged.all())
		if err != nil || len(found) != len(acknowledged.all()) {
			t.Fatalf("%d of %d that were acknowledged are there: %v", len(found), len(acknowledged.all()), err)
		}
		storetest.CheckWhole(t, s, writers)
	}
	t.Logf("%d commits acknowledged", len(acknowledged.all()))
}

// lines keeps what is written, and tells when so many lines more were.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	left int
	told chan struct{}
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left--; l.left == 0 {
		close(l.told)
	}
	return l.text.Write(b)
}

func (l *lines) after(n int) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left, l.told = n, make(chan struct{})
	return l.told
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Fields(l.text.String())
}

var _ io.Writer = (*lines)(nil)

// Commits that write the same keys in other orders wait for each other: none fails, and none is lost.
func TestOrdersOfKeys(t *testing.T) {
	at, _ := postgrestest.Start(t).Fresh(t)
	stores := []*postgres.Store{opened(t, at), opened(t, at)} // as two instances are
	const workers, rounds, keys = 6, 30, 12
	var working sync.WaitGroup
	for w := range workers {
		working.Go(func() {
			for range rounds {
				var ops []store.Op
				for _, k := range rand.Perm(keys) {
					ops = append(ops, store.Put(fmt.Sprint("k/", k), fmt.Append(nil, w)))
				}
				if err := stores[w%2].Commit(t.Context(), ops...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	working.Wait()
	found, err := store.All(t.Context(), stores[0], "k/")
	if err != nil || len(found) != keys {
		t.Fatal(len(found), err)
	}
	for _, r := range found {
		if !bytes.Equal(r.Value, found[0].Value) {
			t.Error("the last commit is there in part")
		}
	}
}

// Instances that start together on an empty schema make one set of tables.
func TestOpenedTogether(t *testing.T) {
	at, _ := postgrestest.Start(t).Fresh(t)
	var working sync.WaitGroup
	for range 6 {
		working.Go(func() {
			s, err := postgres.Open(t.Context(), at)
			if err != nil {
				t.Error(err)
				return
			}
			_ = s.Close()
		})
	}
	working.Wait()
}

// A revision is not given twice, not even when its record was deleted and the server began again.
func TestRevisionsAfterARestart(t *testing.T) {
	server := postgrestest.Start(t)
	s := fresh(t, server)
	var seen []store.Revision
	for range 3 {
		commit(t, s, store.Create("k", nil))
		r, err := s.Get(t.Context(), "k")
		if err != nil || slices.Contains(seen, r.Revision) {
			t.Fatalf("revision %s after %v: %v", r.Revision, seen, err)
		}
		seen = append(seen, r.Revision)
		commit(t, s, store.DeleteIf("k", r.Revision))
		server.Kill(t)
		server.Up(t)
	}
}

// A commit that waits for another's lock ends with its context.
func TestCancelledWhileWaiting(t *testing.T) {
	server := postgrestest.Start(t)
	at, schema := server.Fresh(t)
	s := opened(t, at)
	commit(t, s, store.Create("k", nil))
	holding := server.Hold(t, "LOCK TABLE "+schema+".hjemmel_record IN EXCLUSIVE MODE")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Commit(ctx, store.Put("k", []byte("x"))); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	holding()
	commit(t, s, store.Put("k", []byte("y")))
}

// What the server says of a key or a value is not passed on, and what will not get better is told apart.
func TestErrorsAreQuiet(t *testing.T) {
	server := postgrestest.Start(t)
	at, schema := server.Fresh(t)
	s := opened(t, at)
	server.Do(t, `ALTER TABLE `+schema+`.hjemmel_record ADD CONSTRAINT odd CHECK (length(value) < 5)`)
	err := s.Commit(t.Context(), store.Create("hemmelig", []byte("hemmelig")))
	if !fault.Is(err, fault.Internal) || strings.Contains(fmt.Sprintf("%v %+v", err, errors.Unwrap(err)), "hemmelig") {
		t.Errorf("got %v", err)
	}
	server.Do(t, `DROP TABLE `+schema+`.hjemmel_record`)
	if _, err := s.Get(t.Context(), "k"); !fault.Is(err, fault.Internal) {
		t.Errorf("without the table: %v", err)
	}
	server.Kill(t)
	if _, err := s.Get(t.Context(), "k"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without the server: %v", err)
	}
	if err := s.Commit(t.Context(), store.Put("k", nil)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without the server: %v", err)
	}
}

// What is not safe is not opened.
func TestOpenRefuses(t *testing.T) {
	server := postgrestest.Start(t)
	at, schema := server.Fresh(t)
	opened(t, at)
	server.Do(t, `UPDATE `+schema+`.hjemmel_version SET version = 2`)
	reads, _ := server.Fresh(t)
	careless, _ := postgrestest.Start(t, "fsync=off").Fresh(t)
	for name, c := range map[string]struct {
		at   string
		kind fault.Kind
	}{
		"another version":          {at, fault.Internal},
		"a server that only reads": {reads + "&default_transaction_read_only=on", fault.Unavailable},
		"one that does not flush":  {careless, fault.Internal},
		"commits that do not":      {reads + "&synchronous_commit=off", fault.Internal},
		"a schema that is not":     {strings.Replace(reads, "search_path=", "search_path=no", 1), fault.Internal},
		"a database that is not":   {strings.Replace(reads, "/postgres?", "/nothing?", 1), fault.Internal},
		"a password":               {strings.Replace(reads, "hjemmel@", "hjemmel:hunter2@", 1), fault.Internal},
		"a password beside":        {reads + "&password=hunter2", fault.Internal},
		"no certificate":           {"postgres://hjemmel@db.example/hjemmel?sslmode=require", fault.Internal},
		"one that is not verified": {"postgres://hjemmel@db.example/hjemmel?sslmode=verify-ca", fault.Internal},
		"hosts, one elsewhere":     {"postgres://hjemmel@127.0.0.1,db.example/hjemmel?sslmode=prefer", fault.Internal},
		"a host beside":            {"postgres://hjemmel@127.0.0.1/hjemmel?host=db.example&sslmode=prefer", fault.Internal},
		"no URL":                   {"postgres://%zz", fault.Internal},
		"nobody there":             {"postgres://hjemmel@127.0.0.1:1/hjemmel", fault.Unavailable},
	} {
		s, err := postgres.Open(t.Context(), c.at)
		if !fault.Is(err, c.kind) {
			t.Errorf("%s: got %v", name, err)
		}
		if err == nil {
			_ = s.Close()
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the password is told", name)
		}
	}
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("hjemmel/shared/store/emulatortest.run"))
}
