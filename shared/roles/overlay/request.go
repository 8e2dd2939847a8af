package overlay

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"hjemmel/shared/store"
)

// Request is an organisation's word to the operator that a tjenesteområde is missing (forespørsel).
// It is about tasks and law: persons have no place in it.
type Request struct {
	ID        string    `json:"id"`
	FiksOrgID string    `json:"fiksOrgId"`
	Tittel    string    `json:"tittel"`
	Behov     string    `json:"behov"`
	Hjemmel   string    `json:"foreslaattHjemmel,omitempty"`
	Status    Status    `json:"status"`
	Svar      string    `json:"svar,omitempty"`
	Opprettet time.Time `json:"opprettet"`
	Endret    time.Time `json:"endret,omitzero"`

	Revision store.Revision `json:"-"`
}

// Status is how far the operator has come with a request.
type Status string

// The states.
const (
	Open     Status = "AAPEN"
	Answered Status = "BESVART"
	Closed   Status = "LUKKET"
)

const requestPrefix = "katalogforespoersel/"

// Requests lists what was asked for, the newest first: by one organisation, or by all where fiksOrgID
// is "".
func (c *Catalogue) Requests(ctx context.Context, fiksOrgID string) ([]Request, error) {
	all := []Request{}
	for after := ""; ; {
		page, err := c.store.Scan(ctx, requestPrefix, after, store.MaxScan)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			q, err := readRequest(r)
			if err != nil {
				return nil, err
			}
			if after = r.Key; fiksOrgID == "" || fiksOrgID == q.FiksOrgID {
				all = append(all, q)
			}
		}
		if len(page) < store.MaxScan {
			slices.SortStableFunc(all, func(a, b Request) int { return b.Opprettet.Compare(a.Opprettet) })
			return all, nil
		}
	}
}

// Request gives one request; ok is false where there is none.
func (c *Catalogue) Request(ctx context.Context, id string) (q Request, ok bool, err error) {
	key := requestPrefix + id
	if !lawful(key) {
		return q, false, nil
	}
	found, err := c.store.GetMany(ctx, []string{key})
	r, there := found[key]
	if err != nil || !there {
		return q, false, err
	}
	q, err = readRequest(r)
	return q, err == nil, err
}

func readRequest(r store.Record) (q Request, err error) {
	if err := json.Unmarshal(r.Value, &q); err != nil {
		return q, broken(err)
	}
	q.Revision = r.Revision
	return q, nil
}

// Put gives the writes of a request: a new one where it has no revision.
func (q Request) Put() ([]store.Op, error) {
	value, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	if q.Revision == "" {
		return []store.Op{store.Create(requestPrefix+q.ID, value)}, nil
	}
	return []store.Op{store.PutIf(requestPrefix+q.ID, value, q.Revision)}, nil
}
