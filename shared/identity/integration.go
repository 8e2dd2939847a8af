package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
)

const passwordKeySize = 32

var errPasswordKey = errors.New("identity: the password key must be 32 bytes")

// Integration is a vendor's system (integrasjon) as one organisation has registered it. Its JSON is
// the record at key integrasjon/{id}.
type Integration struct {
	ID        string `json:"id"` // UUID in lower case
	Navn      string `json:"navn"`
	FiksOrgID string `json:"fiksOrgId"` // UUID of the organisation it belongs to
	// AutorisertOrgnr is the organisation number, nine digits, whose tokens it accepts: as a rule
	// the vendor's.
	AutorisertOrgnr string     `json:"autorisertOrgnr"`
	Passord         []Password `json:"passord"` // two while one replaces the other
	Aktiv           bool       `json:"aktiv"`
	GyldigFra       time.Time  `json:"gyldigFra,omitzero"`
	GyldigTil       time.Time  `json:"gyldigTil,omitzero"` // zero means no end
}

// Password is what we keep of a password: not enough to send it, and worthless without the key or
// in another integration's record.
type Password struct {
	MAC       []byte    `json:"mac"`                // HMAC-SHA256, 32 bytes
	Opprettet time.Time `json:"opprettet,omitzero"` // when it was made, where that is known
	GyldigTil time.Time `json:"gyldigTil,omitzero"` // zero means no end
}

// NewPassword makes a password of 256 random bits, as base64url.
func NewPassword() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// Seal gives the form in which a password of ours is kept with the integration. key is
// [Config.PasswordKey], 32 bytes. Passwords that people chose have no place here: a MAC is quick to
// guess against, and only 128 random bits or more make up for it.
func Seal(key []byte, integrationID, password string, until time.Time) (Password, error) {
	if len(key) != passwordKeySize {
		return Password{}, errPasswordKey
	}
	return Password{MAC: passwordMAC(key, integrationID, password), GyldigTil: until}, nil
}

// passwordMAC binds the password to its integration. The id has a fixed length, so no separator is
// needed to tell the two apart.
func passwordMAC(key []byte, id, password string) []byte {
	m := hmac.New(sha256.New, key)
	_, _ = m.Write([]byte("hjemmel integrasjonspassord " + strings.ToLower(id) + " " + password))
	return m.Sum(nil)
}

// Put is the write of the integration's whole record. It errs with a fault of kind Invalid that
// names the fields when one does not have its shape.
func (i Integration) Put() (store.Op, error) {
	var bad []string
	for field, ok := range map[string]bool{
		"id":              isUUID(i.ID) && i.ID == strings.ToLower(i.ID),
		"fiksOrgId":       isUUID(i.FiksOrgID),
		"autorisertOrgnr": isOrgnr(i.AutorisertOrgnr),
	} {
		if !ok {
			bad = append(bad, field)
		}
	}
	for _, p := range i.Passord {
		if len(p.MAC) != sha256.Size {
			bad = append(bad, "passord")
			break
		}
	}
	if bad != nil {
		slices.Sort(bad)
		return store.Op{}, fault.New(fault.Invalid, "INTEGRASJON_UGYLDIG", "Integrasjonen har felt med feil form.").About(bad...)
	}
	value, err := json.Marshal(i)
	if err != nil {
		return store.Op{}, err
	}
	return store.Put(integrationKey(i.ID), value), nil
}

// InForce reports whether the integration may be used at the time.
func (i Integration) InForce(at time.Time) bool {
	return i.Aktiv && !at.Before(i.GyldigFra) && (i.GyldigTil.IsZero() || at.Before(i.GyldigTil))
}

func integrationKey(id string) string { return "integrasjon/" + id }

func isUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// Integrations reads registered integrations from the store. It keeps nothing: a changed password
// or a deleted integration stops all calls at once.
type Integrations struct{ store store.Store }

// NewIntegrations reads from s.
func NewIntegrations(s store.Store) *Integrations { return &Integrations{s} }

// Integration gives the one with the id, or store.ErrNotFound. A record that cannot be read is a
// fault of kind Internal.
func (s *Integrations) Integration(ctx context.Context, id string) (Integration, error) {
	id = strings.ToLower(id)
	if !isUUID(id) {
		return Integration{}, store.ErrNotFound
	}
	r, err := s.store.Get(ctx, integrationKey(id))
	if err != nil {
		return Integration{}, err
	}
	return readIntegration(r, id)
}

func readIntegration(r store.Record, id string) (i Integration, err error) {
	if json.Unmarshal(r.Value, &i) != nil || i.ID != id {
		return Integration{}, store.Broken(errors.New("identity: an integration's record is not readable"))
	}
	return i, nil
}

// login is what a vendor's system says that it is.
type login struct{ id, password string }

// readLogin gives the zero login when neither header is there.
func readLogin(h http.Header) (login, error) {
	ids, passwords := h.Values("IntegrasjonId"), h.Values("IntegrasjonPassord")
	if len(ids) == 0 && len(passwords) == 0 {
		return login{}, nil
	}
	if len(ids) != 1 || len(passwords) != 1 || ids[0] == "" || passwords[0] == "" {
		return login{}, errHeaders
	}
	return login{ids[0], passwords[0]}, nil
}

// nobody stands in for the integration that does not exist, so that the work is the same.
var nobody = Integration{Passord: []Password{{MAC: make([]byte, sha256.Size)}}}

// match is how a login and a consumer fit a registered integration. Every part is looked at every
// time, whether there is such an integration or not.
type match struct {
	in         Integration
	password   bool // it is one that is in force
	replaced   bool // it is one that was, and is kept still
	authorised bool // the consumer is the organisation it is authorised for
	inForce    bool
}

func (v *Verifier) match(ctx context.Context, l login, orgnr string) (match, error) {
	in, err := v.integrations.Integration(ctx, l.id)
	if errors.Is(err, store.ErrNotFound) {
		in = nobody
	} else if err != nil {
		return match{}, err
	}
	now := v.now()
	m := match{in: in}
	m.password, m.replaced = in.accepts(v.mac(v.passwordKey, l.id, l.password), now)
	m.authorised = subtle.ConstantTimeCompare([]byte(in.AutorisertOrgnr), []byte(orgnr)) == 1
	m.inForce = in.InForce(now)
	return m, nil
}

// authenticate wants the right password, the right organisation and an integration in force, and has
// one answer for all that can be wrong.
func (v *Verifier) authenticate(ctx context.Context, l login, orgnr string) (Integration, error) {
	m, err := v.match(ctx, l, orgnr)
	if err != nil {
		return Integration{}, err
	}
	if !m.password || !m.authorised || !m.inForce {
		return Integration{}, errLogin
	}
	v.uses.Note(m.in.ID, v.now())
	return m.in, nil
}

func (i Integration) accepts(mac []byte, now time.Time) (ok, replaced bool) {
	current, former := 0, 0
	for _, p := range i.Passord {
		same := subtle.ConstantTimeCompare(p.MAC, mac)
		if p.GyldigTil.IsZero() || now.Before(p.GyldigTil) {
			current |= same
		} else {
			former |= same
		}
	}
	return current == 1, former == 1
}
