package roles

import (
	"context"
	"testing"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/store/sqlite"
)

func TestForbrukIsCountedOnceAndStartsAfreshEachDay(t *testing.T) {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, t.TempDir()+"/test.db")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	b, err := NewBook(s, katalog.Standard(), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	limited := policy.Role{ID: "r", Budsjett: policy.Budsjett{Oppslag: policy.Grense{Hard: 9}}}
	h := policy.Holder{Aktor: "a", Profil: policy.Compile(katalog.Standard(), limited)}
	read := func(dag string) Forbruk {
		f, err := b.Forbruk(ctx, h, dag)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	bulk := policy.Ask{Action: policy.Bulkoppslag}
	for _, digits := range []string{"19908415208", "14827849805", "19908415208"} { // one of them twice
		id, err := person.ParseID(digits)
		if err != nil {
			t.Fatal(err)
		}
		bulk.Subjects = append(bulk.Subjects, id)
	}
	first, same := read("2026-11-23"), read("2026-11-23")
	if ok, err := b.Bruk(ctx, first, bulk); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := b.Bruk(ctx, same, bulk); ok || err != nil {
		t.Errorf("two passed on one count: %v", err)
	}
	again := read("2026-11-23")
	if ok, err := b.Bruk(ctx, again, policy.Ask{Action: policy.SoekTreff}); !ok || err != nil {
		t.Error(ok, err)
	}
	if f := read("2026-11-23"); f.Brukt(policy.Oppslag) != 2 || f.Brukt(policy.EntydigSoek) != 1 {
		t.Errorf("%+v", f.used)
	}
	if f := read("2026-11-24"); f.Brukt(policy.Oppslag) != 0 || f.Brukt(policy.SoekTreff) != 0 {
		t.Errorf("the next day: %+v", f.used)
	}
	h.Profil = policy.Compile(katalog.Standard(), policy.Role{ID: "r"})
	if f := read("2026-11-23"); f != (Forbruk{}) {
		t.Error("a role without a budget is counted")
	}
	if found, err := s.Scan(ctx, "budsjett/", "", 10); err != nil || len(found) != 1 {
		t.Errorf("%d records, %v", len(found), err)
	}
}
