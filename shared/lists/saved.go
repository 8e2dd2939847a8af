package lists

import (
	"context"

	"hjemmel/shared/store"
)

// Mal is a template that an organisation has saved, for all its roles.
type Mal struct {
	// ID is a UUID, and an order's eksportFormat.
	ID   string `json:"id"`
	Navn string `json:"navn"`
	// Grunnlag is the template that it builds on, Kolonner its columns in order where that is EGENDEFINERT.
	Grunnlag string   `json:"grunnlag"`
	Kolonner []string `json:"kolonner"`
	// Maskinnavn and Filformat are as in a list; an order may ask for another format.
	Maskinnavn bool   `json:"maskinnavn"`
	Filformat  string `json:"filformat"`

	at   string
	over store.Revision
}

func savedPrefix(fiksOrgID string) string { return "listemaler/" + fiksOrgID + "/" }

// Maler are those of an organisation, in the order of their ids.
func (b *Book) Maler(ctx context.Context, fiksOrgID string) ([]Mal, error) {
	records, err := store.All(ctx, b.store, savedPrefix(fiksOrgID))
	if err != nil {
		return nil, err
	}
	all := make([]Mal, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Mal](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Mal gives one; ok is false where there is none, and then it can be filled and written.
func (b *Book) Mal(ctx context.Context, fiksOrgID, id string) (m Mal, ok bool, err error) {
	if !plain(id) {
		return m, false, nil
	}
	at := savedPrefix(fiksOrgID) + id
	m, over, err := store.Read[Mal](ctx, b.store, at)
	m.ID, m.at, m.over = id, at, over
	return m, err == nil && over != "", err
}

// Put gives the write of the template over the one that [Book.Mal] gave.
func (m Mal) Put() ([]store.Op, error) {
	op, err := store.Write(m.at, m, m.over)
	return []store.Op{op}, err
}

// Drop gives the write that removes the one that [Book.Mal] gave.
func (m Mal) Drop() []store.Op { return []store.Op{store.DeleteIf(m.at, m.over)} }
