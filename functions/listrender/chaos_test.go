package listrender

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gocloud.dev/blob"

	"hjemmel/functions/listorder"
	"hjemmel/shared/audit"
	"hjemmel/shared/host/hosttest/served"
	"hjemmel/shared/lists"
	"hjemmel/shared/queue/embedded"
)

const role = "10000007-0000-4000-8000-000000000007"

// ordered orders a list of a kommune and gives its id.
func ordered(t *testing.T, w served.World, h http.Header, kommune string) string {
	t.Helper()
	return orderedIn(t, w, h, role, kommune)
}

func orderedIn(t *testing.T, w served.World, h http.Header, role, kommune string) string {
	t.Helper()
	body := fmt.Sprintf(`{"rolleId":%q,"kommunenummer":[%q],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFilformat":"CSV"}`, role, kommune)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Base+"/register/api/v1/ks/innbyggerliste/v1/rolle/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = h.Clone()
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct{ Ref string }
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out.Ref == "" {
		t.Fatalf("%d %v", resp.StatusCode, err)
	}
	return out.Ref
}

// Workers come and go at any moment, several at once on the same lists: each list ends with one file, and
// everybody in it has one entry, no more and no less.
func TestListsAreMadeOnceWhoeverStops(t *testing.T) {
	w := served.Start(t, []served.Routes{listorder.Routes})
	h := w.Vendor(t, 2)
	r, err := newRenderer(w.Env)
	if err != nil {
		t.Fatal(err)
	}
	r.poll = 2 * time.Millisecond
	r.orders.Again, r.orders.Lease = 5*time.Millisecond, 150*time.Millisecond
	var ids []string
	for _, k := range []string{"0301", "4601", "0301", "5001", "0301"} {
		ids = append(ids, ordered(t, w, h, k))
	}
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	var workers sync.WaitGroup
	for n := range uint64(3) {
		workers.Go(func() {
			chance := rand.New(rand.NewPCG(n, 9))
			for longer := 1; ctx.Err() == nil; longer++ { // so that a slow machine comes to an end too
				life, end := context.WithTimeout(ctx, time.Duration(2+chance.IntN(25)+longer)*time.Millisecond)
				embedded.New(r.orders, 2*time.Millisecond).Serve(life, 2, r.Work, func(error) {})
				end()
			}
		})
	}
	for ctx.Err() == nil {
		left, err := r.orders.Waiting(ctx)
		if err == nil && left == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	workers.Wait()
	entries := w.Entries(t)
	for _, id := range ids {
		holds(t, w, r, entries, id)
	}
}

// holds compares a list, its files and its entries, which are among all of the log.
func holds(t *testing.T, w served.World, r *renderer, entries []audit.Entry, id string) {
	t.Helper()
	l, ok, err := r.lists.Liste(context.Background(), id)
	if err != nil || !ok || l.Status != lists.Ferdig {
		t.Fatalf("%s: %v %v %s %s", id, ok, err, l.Status, l.Feil)
	}
	var files []string
	found := r.files.List(&blob.ListOptions{Prefix: prefix(l.FiksOrgID, id)})
	for {
		o, err := found.Next(context.Background())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, o.Key)
	}
	if !slices.Equal(files, []string{l.Fil.Noekkel}) {
		t.Errorf("%s: files %v, want %s", id, files, l.Fil.Noekkel)
	}
	raw, err := r.files.ReadAll(context.Background(), l.Fil.Noekkel)
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var told, leaves []string
	for _, row := range rows[1:] {
		told = append(told, row[0])
	}
	keys, err := audit.NewKeys(w.Env.Config.AuditSecret)
	if err != nil {
		t.Fatal(err)
	}
	k, err := keys.Organisation(l.FiksOrgID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Gjelder == id && e.Handling == "innbyggerliste" && e.Subjekt != "" {
			number, err := k.Unseal(e)
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, number.Reveal())
		}
	}
	slices.Sort(told)
	slices.Sort(leaves)
	if !slices.Equal(told, leaves) || len(told) != l.Rader {
		t.Errorf("%s: %d rows in the file, %d told, %d entries", id, len(told), l.Rader, len(leaves))
	}
}

// status is that of the answer.
func status(t *testing.T, url, method, body string, h http.Header) int {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = h.Clone()
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
