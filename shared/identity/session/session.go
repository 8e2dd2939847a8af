// Package session remembers who is logged in to the web page: sealed records in the state that time ends and
// that anybody who may can revoke.
//
// A browser holds a random id and nothing else; the state holds its hash, so that who reads the state can log in
// as nobody, and the tokens sealed. It refuses a session that was quiet for [Idle], that is older than [Longest],
// that was replaced or ended, and to tell these apart.
//
// Up: functions/web.
package session

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/secret"
	"hjemmel/shared/store"
)

// How long a session lasts: since somebody last did something, and in all.
const (
	Idle    = 30 * time.Minute
	Longest = 8 * time.Hour
)

// step is how exactly it is known when somebody last did something: a write a minute and not one a request.
const step = time.Minute

// ErrEnded is told of every session that is not, whatever became of it.
var ErrEnded = fault.New(fault.Unauthenticated, "SESJON_UTLOEPT", "Økten er utløpt. Logg inn på nytt.")

// Session is one login in one browser.
type Session struct {
	Access  string    `json:"access"`  // the issuer's token, for functions
	Refresh string    `json:"refresh"` // "" where there is none
	Until   time.Time `json:"until"`   // when Access ends
	Issuer  string    `json:"issuer"`
	SID     string    `json:"sid"`   // what the issuer calls the login; "" for none
	Rolle   string    `json:"rolle"` // the role chosen last; "" for none
	Begun   time.Time `json:"begun"`
	Seen    time.Time `json:"seen"` // when somebody last did something, to a minute

	key      string
	revision store.Revision
}

// Ends is when it ends by itself, if nobody does anything.
func (s Session) Ends() time.Time {
	idle, last := s.Seen.Add(Idle), s.Last()
	if last.Before(idle) {
		return last
	}
	return idle
}

// Last is when it ends whatever is done.
func (s Session) Last() time.Time { return s.Begun.Add(Longest) }

// Key tells sessions apart without letting anybody in.
func (s Session) Key() string { return s.key }

// Writes are what a change of sessions writes, for a commit with its audit entry.
type Writes = []store.Op

// record is a session as it lies in the state.
type record struct {
	Utloeper  time.Time `json:"utloeper"`
	Forseglet []byte    `json:"forseglet"`
}

// Sessions are those of everybody. It is safe for concurrent use.
type Sessions struct {
	store store.Store
	aead  cipher.AEAD
	now   func() time.Time
}

// New keeps sessions in a store, which must not be one that remembers what it read. from is at least 32 bytes.
func New(s store.Store, from []byte, now func() time.Time) (*Sessions, error) {
	aead, err := secret.AEAD(from, "hjemmel/sesjon")
	return &Sessions{s, aead, now}, err
}

// Seal hides what a browser keeps while it logs in, and Open reads it again. The place is bound to it.
func (s *Sessions) Seal(place string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, b, []byte(place))), nil //nolint:gosec // the AEAD makes the nonce
}

// Open reads what Seal hid; ErrEnded for anything else.
func (s *Sessions) Open(place, sealed string, v any) error {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return ErrEnded
	}
	if b, err = s.aead.Open(nil, nil, b, []byte(place)); err != nil || json.Unmarshal(b, v) != nil {
		return ErrEnded
	}
	return nil
}

// idBytes is the size of an id.
const idBytes = 32

func keyOf(id string) (string, bool) {
	b, err := base64.RawURLEncoding.DecodeString(id)
	sum := sha256.Sum256(b)
	return "sesjon/" + base64.RawURLEncoding.EncodeToString(sum[:]), err == nil && len(b) == idBytes
}

// Get gives the session of an id that a browser shows. Its errors are ErrEnded, and faults of kind Unavailable.
func (s *Sessions) Get(ctx context.Context, id string) (Session, error) {
	key, ok := keyOf(id)
	if !ok {
		return Session{}, ErrEnded
	}
	r, err := s.store.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return Session{}, ErrEnded
	}
	if err != nil {
		return Session{}, err
	}
	return s.read(r)
}

func (s *Sessions) read(r store.Record) (Session, error) {
	kept, err := store.Value[record](r)
	if err != nil {
		return Session{}, err
	}
	var found Session
	if b, err := s.aead.Open(nil, nil, kept.Forseglet, []byte(r.Key)); err != nil || json.Unmarshal(b, &found) != nil {
		return Session{}, ErrEnded
	}
	found.key, found.revision = r.Key, r.Revision
	if !s.now().Before(found.Ends()) {
		return Session{}, ErrEnded
	}
	return found, nil
}

// Begin gives the id of a new session, and the writes that make it.
func (s *Sessions) Begin(n Session) (id string, ops Writes, err error) {
	n.Begun = s.now().UTC()
	return s.create(n)
}

func (s *Sessions) create(n Session) (id string, ops Writes, err error) {
	b := make([]byte, idBytes)
	_, _ = rand.Read(b) // never fails
	id = base64.RawURLEncoding.EncodeToString(b)
	n.key, _ = keyOf(id)
	n.Seen = s.now().UTC()
	value, err := s.sealed(n)
	if err != nil {
		return "", nil, err
	}
	ops = Writes{store.Create(n.key, value)}
	if n.SID != "" {
		ops = append(ops, store.Put(n.index(), nil))
	}
	return id, ops, nil
}

// Replace gives a new id for a session that was read, with what was changed in it since, and the writes after
// which the old id is nobody's. How long it lasts in all does not change.
func (s *Sessions) Replace(changed Session) (id string, ops Writes, err error) {
	id, ops, err = s.create(changed)
	return id, append(ops, s.End(changed)...), err
}

// End gives the write after which a session is no more.
func (s *Sessions) End(old Session) Writes {
	return Writes{store.DeleteIf(old.key, old.revision)}
}

// Touch notes that somebody did something. It writes once a minute at most, and that somebody else was faster is
// no error.
func (s *Sessions) Touch(ctx context.Context, t Session) (Session, error) {
	now := s.now().UTC()
	if now.Sub(t.Seen) < step {
		return t, nil
	}
	t.Seen = now
	return s.put(ctx, t)
}

// Renewed keeps a session's new tokens.
func (s *Sessions) Renewed(ctx context.Context, t Session) (Session, error) { return s.put(ctx, t) }

// put writes a session over what was read, and gives it as it is then. Where somebody else was faster, theirs stays.
func (s *Sessions) put(ctx context.Context, t Session) (Session, error) {
	value, err := s.sealed(t)
	if err != nil {
		return t, err
	}
	err = s.store.Commit(ctx, store.PutIf(t.key, value, t.revision))
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return t, err
	}
	r, err := s.store.Get(ctx, t.key)
	if errors.Is(err, store.ErrNotFound) {
		return t, ErrEnded
	}
	if err != nil {
		return t, err
	}
	return s.read(r)
}

func (s *Sessions) sealed(n Session) ([]byte, error) {
	b, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	return json.Marshal(record{n.Ends(), s.aead.Seal(nil, nil, b, []byte(n.key))}) //nolint:gosec // the AEAD makes the nonce
}

// index leads from the issuer's name of a login to our sessions of it.
func (s Session) index() string { return indexOf(s.Issuer, s.SID) + s.key[len("sesjon/"):] }

func indexOf(issuer, sid string) string {
	sum := sha256.Sum256([]byte(issuer + "\n" + sid))
	return "sesjonsid/" + base64.RawURLEncoding.EncodeToString(sum[:]) + "/"
}
