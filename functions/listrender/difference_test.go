package listrender

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/lists"
	"hjemmel/shared/store"
)

// finished works until the list has its file.
func (b *bench) finished(id string) lists.Liste {
	b.t.Helper()
	return b.until(id, func(l lists.Liste, ok bool) bool { return ok && l.Status.Ended() })
}

// since orders the changes since a list.
func (b *bench) since(base string, h http.Header) (id, code string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.Base+"/hjemmel/v1/lister/"+base+"/endringer", strings.NewReader(`{"eksportFilformat":"CSV"}`))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header = h.Clone()
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct{ Ref, ErrorCode string }
	body, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(body, &out); err != nil {
		b.t.Fatalf("%d %s", resp.StatusCode, body)
	}
	return out.Ref, out.ErrorCode
}

// rewrite changes the rows of a list as if it had been made at another time.
func (b *bench) rewrite(l lists.Liste, change func(rows [][]string) [][]string) {
	b.t.Helper()
	rows, err := b.lists.Rows(b.t.Context(), &l, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	op, err := b.lists.PutRows(&l, 0, change(rows))
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.Env.State()
	if err != nil {
		b.t.Fatal(err)
	}
	op.Kind = store.OpPut
	if err := s.Commit(b.t.Context(), op); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) csv(l lists.Liste) [][]string {
	b.t.Helper()
	raw, err := b.files.ReadAll(b.t.Context(), l.Fil.Noekkel)
	if err != nil {
		b.t.Fatal(err)
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

// Who came, who left and who is another is told, and nobody else; of who left nothing but the number that the
// earlier list had, with an entry.
func TestChangesSinceAList(t *testing.T) {
	b := newBench(t)
	first := b.finished(ordered(t, b.World, b.h, "0301"))
	id, _ := b.since(first.ID, b.h)
	if same := b.finished(id); same.Status != lists.Ferdig || same.Rader != 0 || len(b.csv(same)) != 1 || b.csv(same)[0][0] != "Endring" {
		t.Errorf("nothing changed: %s %s, %d rows", same.Status, same.Feilkode, same.Rader)
	}
	whole := b.csv(first)[1:]
	left := b.Person("strengtFortrolig").Reveal() // whoever it was: that they left is all that is told
	b.rewrite(first, func(rows [][]string) [][]string {
		gone := slices.Clone(rows[0])
		gone[0] = left
		other := slices.Clone(rows[2])
		other[1] = "Tidligere"
		return append([][]string{gone, rows[0], other}, rows[3:]...) // rows[1] is new since
	})
	id, _ = b.since(first.ID, b.h)
	l := b.finished(id)
	var got []string
	for _, row := range b.csv(l)[1:] {
		got = append(got, row[0]+" "+row[1])
		if row[0] == isGone && strings.Join(row[2:], "") != "" {
			t.Errorf("of who left is told %v", row)
		}
		if row[0] == isOther && row[2] == "Tidligere" {
			t.Errorf("the former value is told")
		}
	}
	want := []string{isGone + " " + left, isNew + " " + whole[1][0], isOther + " " + whole[2][0]}
	if !slices.Equal(got, want) || l.Rader != 3 {
		t.Errorf("got %v, want %v, %d rows", got, want, l.Rader)
	}
	b.told(l, left)
	if again, _ := b.since(l.ID, b.h); b.finished(again).Rader != 0 { // changes since a list of changes
		t.Errorf("%+v", b.finished(again))
	}
}

// told checks that there is one entry about the person for the list.
func (b *bench) told(l lists.Liste, number string) {
	b.t.Helper()
	keys, err := audit.NewKeys(b.Env.Config.AuditSecret)
	if err != nil {
		b.t.Fatal(err)
	}
	k, err := keys.Organisation(l.FiksOrgID)
	if err != nil {
		b.t.Fatal(err)
	}
	n := 0
	for _, e := range b.Entries(b.t) {
		if e.Gjelder != l.ID || e.Subjekt == "" {
			continue
		}
		id, err := k.Unseal(e)
		if err != nil {
			b.t.Fatal(err)
		}
		if id.Reveal() == number {
			if n++; !slices.Equal(e.Levert, []string{"identifikasjonsnummer.foedselsEllerDNummer"}) {
				b.t.Errorf("%+v", e)
			}
		}
	}
	if n != 1 {
		b.t.Errorf("%d entries about who left", n)
	}
}

// Changes are for the one who ordered the list, while it is there.
func TestWhoseChanges(t *testing.T) {
	b := newBench(t)
	first := b.finished(ordered(t, b.World, b.h, "0301"))
	if _, code := b.since(first.ID, b.Employee(t, "ansatt-07")); code != "ENDRINGER_IKKE_MULIG" {
		t.Errorf("another holder: %s", code)
	}
	if _, code := b.since(first.ID, b.Vendor(t, 1)); code != "INNBYGGERLISTE_IKKE_FUNNET" {
		t.Errorf("a stranger: %s", code)
	}
	id, _ := b.since(first.ID, b.h)
	for got := 0; got != 204; {
		if got = b.send("DELETE", "/register/api/v1/ks/innbyggerliste/v1/rolle/"+role+"/"+first.ID, "", b.h); got != 204 && got != 409 {
			t.Fatal(got)
		}
	}
	if l := b.finished(id); l.Status != lists.Feilet || l.Feilkode != "GRUNNLAG_BORTE" {
		t.Errorf("%s %s", l.Status, l.Feilkode)
	}
	b.until(id, func(lists.Liste, bool) bool { return b.left() == 0 })
	if _, code := b.since(first.ID, b.h); code != "INNBYGGERLISTE_IKKE_FUNNET" {
		t.Errorf("a list that is gone: %s", code)
	}
}
