package host

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

// Changes is how functions change the state: each change in one commit with its audit entry, worked
// out anew where somebody else was faster, and done once however often it is sent.
type Changes struct {
	store store.Store
	log   *audit.Log
	now   func() time.Time
}

// Changes makes changes.
func (e *Env) Changes() (*Changes, error) {
	s, err := e.State()
	if err != nil {
		return nil, err
	}
	l, err := e.Audit()
	return &Changes{s, l, e.Now}, err
}

// Once makes one change and does not keep its answer, which may hold a new password. A precondition
// that fails gives api.ErrStale, and then nothing is written. After any other error the change may
// have happened, but then with its entry.
func (c *Changes) Once(ctx context.Context, e audit.Entry, ops ...store.Op) (audit.Receipt, error) {
	e.Utfall = audit.Utfoert
	receipt, err := c.log.AppendWith(context.WithoutCancel(ctx), ops, e)
	if errors.Is(err, store.ErrConflict) {
		return audit.Receipt{}, api.ErrStale
	}
	return receipt, err
}

// Note writes an entry of something that changes nothing, whether the caller waits or not.
func (c *Changes) Note(ctx context.Context, e audit.Entry) (audit.Receipt, error) {
	return c.log.Append(context.WithoutCancel(ctx), e)
}

// Deliver writes what is counted of something that leaves together with its entry, worked out anew where somebody
// else was faster. The entry says what came of it.
func (c *Changes) Deliver(ctx context.Context, work func() (Plan, error)) (audit.Receipt, error) {
	for range attempts {
		p, err := work()
		if err != nil {
			return audit.Receipt{}, err
		}
		receipt, err := c.log.AppendWith(context.WithoutCancel(ctx), p.Ops, p.Entry)
		if !errors.Is(err, store.ErrConflict) {
			return receipt, err
		}
	}
	return audit.Receipt{}, ErrChanged
}

// Reply is what the caller gets.
type Reply struct {
	Status int
	Body   []byte // nil for none
	Media  string // "" is JSON
	ETag   string
	// Location is where what was made is found.
	Location string
	Receipt  audit.Receipt // of a change
}

// ReplyJSON makes a reply of v.
func ReplyJSON(status int, etag string, v any) (Reply, error) {
	b, err := json.Marshal(v)
	return Reply{Status: status, Body: b, ETag: etag}, err
}

// Write sends the reply.
func (r Reply) Write(w http.ResponseWriter) error {
	h := w.Header()
	if r.ETag != "" {
		h.Set("ETag", r.ETag)
	}
	if r.Location != "" {
		h.Set("Location", r.Location)
	}
	if r.Receipt.Valid() {
		h.Set(api.ReceiptHeader, r.Receipt.String())
	}
	if r.Body == nil {
		w.WriteHeader(r.Status)
		return nil
	}
	h.Set("Content-Type", "application/json")
	if r.Media != "" {
		h.Set("Content-Type", r.Media)
	}
	w.WriteHeader(r.Status)
	_, err := w.Write(r.Body)
	return err
}

// Plan is a change worked out from what is stored now. Without writes it is so already.
type Plan struct {
	Ops   []store.Op
	Entry audit.Entry
	Reply Reply
}

// attempts bounds how often a change is worked out anew because others changed the same.
const attempts = 50

// What others' changes, or the caller's own, make impossible.
var (
	ErrChanged = fault.New(fault.Conflict, "VERSJON_ENDRET",
		"Noen andre har endret dette i mellomtiden. Hent det på nytt, se hva som er endret, og prøv igjen.")
	errKeyUsed = fault.New(fault.Conflict, "IDEMPOTENSNOEKKEL_BRUKT",
		"Idempotency-Key er brukt til en annen forespørsel. Lag en ny nøkkel for hver endring.")
	errHeader = fault.New(fault.Invalid, "UGYLDIG_HODE", "Et hode har en verdi som ikke kan stemme.")
)

// Make works a change out and writes it together with its entry. Where somebody else was faster it is
// worked out anew from what they left, so that neither change is lost; work says so itself where the
// caller's If-Match no longer holds. aktor is whose Idempotency-Key it is, body what they sent.
func (c *Changes) Make(r *http.Request, aktor string, body []byte, work func() (Plan, error)) (Reply, error) {
	for range attempts {
		done, err := c.recall(r, aktor, body)
		if err != nil || done.reply.Status != 0 {
			return done.reply, err
		}
		p, err := work()
		if err != nil || p.Ops == nil {
			return p.Reply, err
		}
		remember, err := done.remember(p.Reply, c.now())
		if err != nil {
			return Reply{}, err
		}
		p.Entry.Utfall = audit.Utfoert
		p.Reply.Receipt, err = c.log.AppendWith(context.WithoutCancel(r.Context()), append(p.Ops, remember...), p.Entry)
		if !errors.Is(err, store.ErrConflict) {
			return p.Reply, err
		}
	}
	return Reply{}, ErrChanged
}

// submission is a POST that carries an Idempotency-Key, as it was answered.
type submission struct {
	Forespoersel []byte    `json:"forespoersel"` // SHA-256 of key, method, path and body
	Status       int       `json:"status"`
	Svar         []byte    `json:"svar"`
	ETag         string    `json:"etag"`
	Tid          time.Time `json:"tid"`
}

// recalled is what is known of the request's Idempotency-Key.
type recalled struct {
	key      string
	digest   []byte
	revision store.Revision
	reply    Reply // as it was given; the zero Reply when the key is new
}

// submissionLife is how long a key is remembered.
const submissionLife = 24 * time.Hour

var keyShape = regexp.MustCompile(`^[!-~]{1,255}$`)

// recall looks for what was answered to the same request with the same key.
func (c *Changes) recall(r *http.Request, aktor string, body []byte) (recalled, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || r.Method != http.MethodPost {
		return recalled{}, nil
	}
	if !keyShape.MatchString(key) {
		return recalled{}, errHeader.About("Idempotency-Key")
	}
	name := sha256.Sum256([]byte(aktor + " " + key))
	digest := sha256.Sum256(fmt.Appendf(nil, "%s %s %s\n%s", key, r.Method, r.URL.Path, body)) // the key, so that a short body is not guessed
	at := recalled{key: "idempotens/" + base64.RawURLEncoding.EncodeToString(name[:]), digest: digest[:]}
	s, revision, err := store.Read[submission](r.Context(), c.store, at.key)
	if at.revision = revision; err != nil || revision == "" || c.now().Sub(s.Tid) > submissionLife {
		return at, err
	}
	if string(s.Forespoersel) != string(at.digest) {
		return at, errKeyUsed
	}
	at.reply = Reply{Status: s.Status, Body: s.Svar, ETag: s.ETag}
	return at, nil
}

// remember gives the write that recalls the reply; none without a key.
func (r recalled) remember(out Reply, now time.Time) ([]store.Op, error) {
	if r.key == "" {
		return nil, nil
	}
	op, err := store.Write(r.key, submission{r.digest, out.Status, out.Body, out.ETag, now.UTC()}, r.revision)
	return []store.Op{op}, err
}

// Matches holds a request's If-Match against what is there now.
func Matches(r *http.Request, etag string) error {
	want := strings.TrimPrefix(r.Header.Get("If-Match"), "W/")
	if want == "" || want == "*" || want == etag {
		return nil
	}
	return ErrChanged
}
