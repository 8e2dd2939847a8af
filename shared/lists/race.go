package lists

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hjemmel/shared/store"
)

// A list that is being made can take in somebody whom a recall has looked for already: their piece was read before. So a
// recall is noted before anybody is looked for, and a list looks at the notes after its last piece.

// RecallKept is how long a recall is noted: longer than a list is under way.
const RecallKept = 72 * time.Hour

// skew is how far the clocks of two machines may be apart.
const skew = 5 * time.Minute

const recalledPrefix = "listetilbakekall/"

func recalledKey(at time.Time, id string) string {
	return fmt.Sprintf("%s%016d/%s", recalledPrefix, at.UnixMicro(), id)
}

// recalled is a recall as it is noted: whom it is about is a pseudonym, as among those on lists.
type recalled struct {
	Org  string `json:"org,omitempty"`
	Mark []byte `json:"merke"`
}

// Note gives the write of a recall, to be committed before [Book.With] looks. The id is the order's.
func (b *Book) Note(id string, t Tilbaketrekking, now time.Time) (store.Op, error) {
	return store.Write(recalledKey(now, id), recalled{t.FiksOrgID, []byte(b.mark(t.Person))}, "")
}

// Recalled reports whether somebody in the list's committed pieces was recalled since it was ordered.
func (b *Book) Recalled(ctx context.Context, l *Liste) (bool, error) {
	marks, err := b.since(ctx, l)
	if err != nil || len(marks) == 0 {
		return false, err
	}
	prefix := personsPrefix(l.FiksOrgID) + l.ID + "/"
	for after := ""; ; {
		found, err := b.store.Scan(ctx, prefix, after, 100)
		if err != nil || len(found) == 0 {
			return false, err
		}
		for _, r := range found {
			for _, mark := range marks {
				if marked(r.Value, mark) {
					return true, nil
				}
			}
		}
		after = found[len(found)-1].Key
	}
}

// since are those recalled in the list's organisation since it was ordered.
func (b *Book) since(ctx context.Context, l *Liste) (marks []string, err error) {
	for after := recalledKey(l.Opprettet.Add(-skew), ""); ; {
		found, err := b.store.Scan(ctx, recalledPrefix, after, 100)
		if err != nil || len(found) == 0 {
			return marks, err
		}
		for _, r := range found {
			v, err := store.Value[recalled](r)
			if err != nil {
				return nil, err
			}
			if v.Org == "" || v.Org == l.FiksOrgID {
				marks = append(marks, string(v.Mark))
			}
		}
		after = found[len(found)-1].Key
	}
}

// ForgetRecalls removes notes of recalls that no list can be waiting for any more, at most most. What another has removed
// is no error.
func (b *Book) ForgetRecalls(ctx context.Context, now time.Time, most int) error {
	found, err := b.store.Scan(ctx, recalledPrefix, "", most)
	var ops []store.Op
	for _, r := range found {
		if r.Key < recalledKey(now.Add(-RecallKept), "") {
			ops = append(ops, store.DeleteIf(r.Key, r.Revision))
		}
	}
	if err != nil || len(ops) == 0 {
		return err
	}
	if err := b.store.Commit(ctx, ops...); !errors.Is(err, store.ErrConflict) {
		return err
	}
	return nil
}
