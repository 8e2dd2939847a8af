package roles

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"hjemmel/shared/policy"
	"hjemmel/shared/store"
)

// Draft (utkast) is a role as it may become: nobody sees it but those who decide.
type Draft struct {
	Rolle    policy.Role `json:"rolle"`
	Basis    int         `json:"basis"` // the version that it changes
	Nr       int         `json:"nr"`    // how often it was rewritten
	Endret   time.Time   `json:"endret"`
	EndretAv string      `json:"endretAv"`

	over store.Revision
}

func draftKey(rolle string) string { return "rolleutkast/" + rolle }

// ETag tells one state of the draft from another; that of no draft is nobody's.
func (d Draft) ETag() string { return strconv.Quote(fmt.Sprintf("%d.%d", d.Basis, d.Nr)) }

// Draft gives a role's draft; ok is false where there is none.
func (b *Book) Draft(ctx context.Context, rolle string) (d Draft, ok bool, err error) {
	d, r, err := store.Read[Draft](ctx, b.store, draftKey(rolle))
	d.over = r
	return d, r != "", err
}

// Put gives the write of the draft over the one that Draft gave.
func (d Draft) Put() ([]store.Op, error) { return one(store.Write(draftKey(d.Rolle.ID), d, d.over)) }

// Drop gives the write that removes the draft that Draft gave.
func (d Draft) Drop() store.Op { return store.DeleteIf(draftKey(d.Rolle.ID), d.over) }

func one(op store.Op, err error) ([]store.Op, error) { return []store.Op{op}, err }

// Wish is an assignment that an administrator wants for themselves and another must approve.
type Wish struct {
	Assignment
	OensketAv string `json:"oensketAv"`

	over store.Revision
}

func wishKey(rolle, aktor string) string { return "tildelingsoenske/" + rolle + "/" + aktor }

// Wish gives what is wished for an actor; ok is false where nothing is.
func (b *Book) Wish(ctx context.Context, rolle, aktor string) (w Wish, ok bool, err error) {
	if !plain(rolle) || !plain(aktor) {
		return w, false, nil
	}
	w, r, err := store.Read[Wish](ctx, b.store, wishKey(rolle, aktor))
	w.over = r
	return w, r != "", err
}

// Wishes lists what is wished of a role.
func (b *Book) Wishes(ctx context.Context, rolle string) ([]Wish, error) {
	records, err := store.All(ctx, b.store, wishKey(rolle, ""))
	if err != nil {
		return nil, err
	}
	all := make([]Wish, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Wish](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Put gives the write of the wish over the one that Wish gave.
func (w Wish) Put() ([]store.Op, error) {
	return one(store.Write(wishKey(w.RolleID, w.AktorID), w, w.over))
}

// Drop gives the write that removes the wish that Wish gave.
func (w Wish) Drop() store.Op { return store.DeleteIf(wishKey(w.RolleID, w.AktorID), w.over) }

// Settings (innstillinger) are what an organisation decides about its own administration.
type Settings struct {
	// SelvtildelingUtenGodkjenning lets administrators give themselves roles.
	SelvtildelingUtenGodkjenning bool `json:"selvtildelingUtenGodkjenning"`
	// ListerDager is for how many days the file of a citizen list can be had: 1 to [MaxListerDager].
	ListerDager int `json:"listerDager"`

	key  string
	over store.Revision
}

// MaxListerDager is for how many days a list can be had where the organisation says nothing.
const MaxListerDager = 14

// ListLife is how long the file of a list that is ordered now can be had.
func (s Settings) ListLife() time.Duration { return time.Duration(s.ListerDager) * 24 * time.Hour }

// Settings gives an organisation's settings; where none were made the strictest about access, and the longest life of lists.
func (b *Book) Settings(ctx context.Context, fiksOrgID string) (Settings, error) {
	key := "innstillinger/" + fiksOrgID
	s, r, err := store.Read[Settings](ctx, b.store, key)
	s.key, s.over = key, r
	if s.ListerDager < 1 || s.ListerDager > MaxListerDager {
		s.ListerDager = MaxListerDager
	}
	return s, err
}

// Put gives the write of the settings over those that Settings gave.
func (s Settings) Put() ([]store.Op, error) { return one(store.Write(s.key, s, s.over)) }
