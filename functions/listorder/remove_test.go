package listorder_test

import (
	"context"
	"sync/atomic"
	"testing"

	"hjemmel/shared/host/drivers"
	"hjemmel/shared/host/hosttest"
	"hjemmel/shared/store"
)

// meddler writes what a commit is conditioned on just before it, so many times as it is told.
type meddler struct {
	store.Store
	left atomic.Int64
}

func (m *meddler) Commit(ctx context.Context, ops ...store.Op) error {
	for _, op := range ops {
		if op.Revision == "" || m.left.Add(-1) < 0 {
			continue
		}
		r, err := m.Get(ctx, op.Key)
		if err != nil {
			return err
		}
		if err := m.Store.Commit(ctx, store.Put(op.Key, r.Value)); err != nil {
			return err
		}
		break
	}
	return m.Store.Commit(ctx, ops...)
}

// A list is removed though whoever makes it, or cleans up after it, writes at the same time.
func TestAListIsRemovedWhileItIsWrittenTo(t *testing.T) {
	state, err := drivers.OpenState(t.Context(), "sqlite://"+t.TempDir()+"/liste.db")
	if err != nil {
		t.Fatal(err)
	}
	m := &meddler{Store: state}
	w := newWorld(t, func(o *hosttest.Options) { o.Store = m })
	kommune, _ := w.largest()
	h := w.Vendor(t, 2)
	ref, _ := w.made("", `{"rolleId":"`+manntall+`","kommunenummer":["`+kommune+`"],"kommuneTilhoerighet":"BOSTED","status":["BOSATT"],"eksportFilformat":"CSV"}`, h)
	m.left.Store(3)
	if a := w.do("DELETE", fiks+manntall+"/"+ref, "", h); a.StatusCode != 204 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if m.left.Load() > 0 {
		t.Error("nothing was written meanwhile")
	}
	if a := w.do("GET", fiks+manntall+"/"+ref, "", h); a.StatusCode != 404 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
