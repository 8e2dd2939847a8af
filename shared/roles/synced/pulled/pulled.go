// Package pulled is from where, and how, we read the users and groups of identity systems that cannot push, and
// how that went.
//
// It refuses to keep a secret in clear.
package pulled

import (
	"context"
	"crypto/cipher"
	"time"

	"hjemmel/shared/secret"
	"hjemmel/shared/store"
)

// Kinds of systems that we can read.
const (
	SCIM  = "SCIM"  // a SCIM 2.0 service provider
	Graph = "GRAPH" // Microsoft Graph
)

// Pull (henting) is how one source is read.
type Pull struct {
	KildeID   string `json:"kildeId"`
	FiksOrgID string `json:"fiksOrgId"`
	Type      string `json:"type"`
	// Adresse is the SCIM base address; of Graph, Tenant and KlientID say who we are there.
	Adresse  string `json:"adresse,omitempty"`
	Tenant   string `json:"tenant,omitempty"`
	KlientID string `json:"klientId,omitempty"`
	// Hemmelighet is the token or the client's secret, sealed.
	Hemmelighet []byte `json:"hemmelighet"`
	// Nummerfelt names the attribute with the identity number; "" for none.
	Nummerfelt string `json:"nummerfelt,omitempty"`
	// Gruppeprefiks is how the names of the groups that we take begin.
	Gruppeprefiks string `json:"gruppeprefiks,omitempty"`
	// MaksAndel is the share in per cent of users, or of memberships, that a run may remove without being asked for.
	MaksAndel int       `json:"maksAndel"`
	Endret    time.Time `json:"endret"`

	over store.Revision
}

// How a run ended.
const (
	Done    = "OK"
	Stopped = "STOPPET" // it would remove too much, and wants a confirmation
	Failed  = "FEILET"  // it begins where the one before it did
)

// Status is how the last run went, and where the next begins.
type Status struct {
	KildeID string    `json:"kildeId"`
	Startet time.Time `json:"startet"`
	Ferdig  time.Time `json:"ferdig,omitzero"` // zero while it runs
	Utfall  string    `json:"utfall,omitempty"`
	Feil    string    `json:"feil,omitempty"` // code of what went wrong
	// What it made, changed and removed, users and groups together, and what was refused as the rules of SCIM say.
	Opprettet        int `json:"opprettet"`
	Endret           int `json:"endret"`
	Fjernet          int `json:"fjernet"`
	Avvist           int `json:"avvist"`
	UkjenteMedlemmer int `json:"ukjenteMedlemmer"` // members that are no users of ours: groups, devices, guests
	// What it would remove, of how many.
	Fjerner Share `json:"brukereSomFjernes"`
	Melder  Share `json:"medlemskapSomFjernes"`
	// Fingeravtrykk is of what would be removed, of a run that stopped: an administrator confirms it by it.
	Fingeravtrykk string `json:"fingeravtrykk,omitempty"`
	// Merke is where the next run begins; "" from the start.
	Merke string `json:"merke,omitempty"`

	over store.Revision
}

// Share is some of many.
type Share struct {
	Antall int `json:"antall"`
	Av     int `json:"av"`
}

// Above reports whether the share is more than so many per cent.
func (s Share) Above(percent int) bool { return s.Antall*100 > percent*s.Av }

// lease is how long a run may be under way before another may begin.
const lease = 10 * time.Minute

// Running reports whether somebody is at it.
func (s Status) Running(now time.Time) bool {
	return !s.Startet.IsZero() && s.Ferdig.IsZero() && now.Sub(s.Startet) < lease
}

// Begun is the status of a run that begins, over the one before it.
func (s Status) Begun(kilde string, at time.Time) Status {
	return Status{KildeID: kilde, Startet: at, Merke: s.Merke, over: s.over}
}

// SamePlace reports whether a secret would be sent to the same place.
func (p Pull) SamePlace(was Pull) bool {
	return p.Type == was.Type && p.Adresse == was.Adresse && p.Tenant == was.Tenant && p.KlientID == was.KlientID
}

// Book reads what is kept. It is safe for concurrent use.
type Book struct {
	store store.Store
	aead  cipher.AEAD
}

// NewBook opens the book. From the key, at least 32 bytes, is derived the one that seals secrets.
func NewBook(s store.Store, key []byte) (*Book, error) {
	aead, err := secret.AEAD(key, "hjemmel/synk/henting")
	return &Book{s, aead}, err
}

const prefix = "synkhenting/"

func key(kilde string) string       { return prefix + kilde }
func statusKey(kilde string) string { return "synkhentingstatus/" + kilde }

// WithSecret gives the pull with a secret, that only this source's pull can open.
func (b *Book) WithSecret(p Pull, secret string) Pull {
	p.Hemmelighet = b.aead.Seal(nil, nil, []byte(secret), []byte(p.KildeID)) //nolint:gosec // the AEAD makes the nonce
	return p
}

// Secret opens the secret of a pull.
func (b *Book) Secret(p Pull) (string, error) {
	clear, err := b.aead.Open(nil, nil, p.Hemmelighet, []byte(p.KildeID))
	return string(clear), err
}

// Pull gives how a source is read; ok is false of one that is not.
func (b *Book) Pull(ctx context.Context, kilde string) (p Pull, ok bool, err error) {
	p, p.over, err = store.Read[Pull](ctx, b.store, key(kilde))
	return p, p.over != "", err
}

// All lists every pull of every organisation.
func (b *Book) All(ctx context.Context) ([]Pull, error) {
	records, err := store.All(ctx, b.store, prefix)
	all := make([]Pull, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Pull](r); err != nil {
			return nil, err
		}
		all[i].over = r.Revision
	}
	return all, err
}

// Put gives the writes of a pull over the one that was read, the zero Pull for a new one. What was known of the
// last run is forgotten: the next one reads all.
func (b *Book) Put(ctx context.Context, p, was Pull) ([]store.Op, error) {
	op, err := store.Write(key(p.KildeID), p, was.over)
	if err != nil {
		return nil, err
	}
	return b.forget(ctx, op, p.KildeID)
}

// Drop gives the writes after which the source is not read.
func (b *Book) Drop(ctx context.Context, p Pull) ([]store.Op, error) {
	return b.forget(ctx, store.DeleteIf(key(p.KildeID), p.over), p.KildeID)
}

func (b *Book) forget(ctx context.Context, op store.Op, kilde string) ([]store.Op, error) {
	s, err := b.Status(ctx, kilde)
	if err != nil || s.over == "" {
		return []store.Op{op}, err
	}
	return []store.Op{op, store.DeleteIf(statusKey(kilde), s.over)}, nil
}

// Status gives how the last run of a source went; the zero Status where there was none.
func (b *Book) Status(ctx context.Context, kilde string) (s Status, err error) {
	s, s.over, err = store.Read[Status](ctx, b.store, statusKey(kilde))
	return s, err
}

// PutStatus gives the write of a status over the one that was read. It fails where the pull was set anew since, because
// that forgets the status.
func PutStatus(s Status) (store.Op, error) { return store.Write(statusKey(s.KildeID), s, s.over) }
