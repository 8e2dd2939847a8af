// Package sources is what an organisation's administrators do with its identity systems: sources, their tokens,
// and a look at what they have synced, on Fiks' own paths.
//
// It refuses to show a token but in the answer that made it, and a number at all, and to tell of a source to
// anybody but those who administer its organisation, or see to its privacy.
package sources

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"hjemmel/functions/rolesync/provider"
	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles/synced"
)

// sources are those of all organisations.
type sources struct {
	*office.Office
	synced  *synced.Book
	numbers api.Numbers
}

// Routes are the operations on sources.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	s := &sources{o, o.Roles.Synced(), e.Numbers()}
	const (
		base   = "/brukersynkronisering/konfigurasjon/api/v1/konfigurasjon"
		data   = base + "/data"
		lookup = "/brukersynkronisering/oppslag/api/v1/oppslag"
		tokens = base + "/{fiksOrgId}/{klientId}/{ressurs}" // net/http's mux cannot tell …/tokens from data/brukere/…
	)
	manages := office.Administrator
	reads := office.Either(office.Administrator, office.Personvern)
	var routes []host.Route
	for _, r := range []struct {
		pattern, handling string
		may               office.Right
		do                office.Do
	}{
		{"GET " + base + "/{fiksOrgId}", "synk-kilde-lest", reads, s.list},
		{"POST " + base + "/{fiksOrgId}", "synk-kilde-opprettet", manages, s.create},
		{"GET " + base + "/{fiksOrgId}/{kildeId}", "synk-kilde-lest", reads, s.one},
		{"DELETE " + base + "/{fiksOrgId}/{kildeId}", "synk-kilde-slettet", manages, s.remove},
		{"GET " + tokens, "synk-token-lest", reads, s.tokens},
		{"POST " + tokens, "synk-token-utstedt", manages, s.issue},
		{"DELETE " + tokens + "/{id}", "synk-token-tilbakekalt", manages, s.revoke},
		{"GET " + data + "/brukere/{fiksOrgId}", "synk-data-lest", reads, s.users},
		{"POST " + data + "/brukere/{fiksOrgId}", "synk-data-lest", reads, s.searchUsers},
		{"GET " + data + "/brukere/{fiksOrgId}/kilder/{kildeId}", "synk-data-lest", reads, s.users},
		{"GET " + data + "/brukere/{fiksOrgId}/kilder/{kildeId}/csv", "synk-data-lest", reads, s.usersCSV},
		{"GET " + data + "/grupper/{fiksOrgId}", "synk-data-lest", reads, s.groups},
		{"GET " + data + "/grupper/{fiksOrgId}/kilde/{kildeId}", "synk-data-lest", reads, s.groups},
		{"GET " + data + "/grupper/{fiksOrgId}/kilder/{kildeId}/csv", "synk-data-lest", reads, s.groupsCSV},
		{"GET " + lookup + "/me", "synk-oppslag", office.Employed, s.me},
		{"POST " + lookup, "synk-oppslag", office.Operator, s.lookup},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: s.By(r.may, r.handling, r.do)})
	}
	return routes, nil
}

// status is how much of something a source has.
type status struct {
	Antall           int       `json:"antall"`
	SisteOppdatering time.Time `json:"sisteOppdatering,omitzero"`
}

// kilde is a source in an answer, as Fiks has it.
type kilde struct {
	ID struct {
		FiksOrgID string `json:"fiksOrgId"`
		ID        string `json:"id"`
	} `json:"id"`
	Navn             string  `json:"navn"`
	OidcClientID     string  `json:"oidcClientId"`
	ScimEndepunkt    string  `json:"scimEndepunkt"`
	EksternInstansID string  `json:"eksternInstansId"`
	StatusBrukere    *status `json:"statusBrukere,omitempty"`
	StatusGrupper    *status `json:"statusGrupper,omitempty"`
	// Advarsler are of its tokens.
	Advarsler []advarsel `json:"advarsler"`
}

// advarsel is a warning of a token that ends soon.
type advarsel struct {
	Kode    string    `json:"kode"`
	TokenID string    `json:"tokenId"`
	Til     time.Time `json:"til"`
}

func (s *sources) show(c *office.Errand, k synced.Source) (kilde, error) {
	out := kilde{Navn: k.Navn, OidcClientID: k.ID, ScimEndepunkt: provider.Base(c.Request, k.ID), EksternInstansID: k.EksternInstansID, Advarsler: []advarsel{}}
	out.ID.FiksOrgID, out.ID.ID = k.FiksOrgID, k.ID
	tokens, err := s.synced.Tokens(c.Context(), k)
	now := s.Now()
	for _, t := range tokens {
		if t.InForce(now) && t.ExpiresAt.Sub(now) < synced.TokenWarning {
			out.Advarsler = append(out.Advarsler, advarsel{"TOKEN_UTLOEPER", t.ID, t.ExpiresAt})
		}
	}
	return out, err
}

func (s *sources) list(c *office.Errand) (host.Reply, error) {
	all, err := s.synced.Sources(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	out := []kilde{}
	for _, k := range all {
		shown, err := s.show(c, k)
		if err != nil {
			return host.Reply{}, err
		}
		out = append(out, shown)
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

// read gives the source that the path names, by either of Fiks' names of it.
func (s *sources) read(c *office.Errand) (synced.Source, error) {
	id := c.PathValue("kildeId") + c.PathValue("klientId")
	k, ok, err := s.synced.Source(c.Context(), id)
	if err == nil && (!ok || k.FiksOrgID != c.Org) {
		return synced.Source{}, synced.ErrGone
	}
	if err == nil {
		c.Entry.Gjelder = k.ID
	}
	return k, err
}

func (s *sources) one(c *office.Errand) (host.Reply, error) {
	k, err := s.read(c)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := s.show(c, k)
	if err != nil {
		return host.Reply{}, err
	}
	out.StatusBrukere, out.StatusGrupper = &status{}, &status{}
	err = s.synced.EachUser(c.Context(), k.ID, func(u synced.User) error { return out.StatusBrukere.count(u.Endret) })
	if err != nil {
		return host.Reply{}, err
	}
	err = s.synced.EachGroup(c.Context(), k.ID, func(g synced.Group) error { return out.StatusGrupper.count(g.Endret) })
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

func (s *status) count(changed time.Time) error {
	if s.Antall++; changed.After(s.SisteOppdatering) {
		s.SisteOppdatering = changed
	}
	return nil
}

// create makes a source. Its first token is asked for apart, so that it is in no answer that is kept.
func (s *sources) create(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Navn             string `json:"navn"`
		EksternInstansID string `json:"eksternInstansId"`
	}
	if err := api.ReadJSON(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if !office.Fits(ask.Navn, 1, 200) {
		return host.Reply{}, office.ErrField.About("navn")
	}
	if !office.Fits(ask.EksternInstansID, 0, 200) {
		return host.Reply{}, office.ErrField.About("eksternInstansId")
	}
	k := synced.Source{ID: uuid.NewString(), FiksOrgID: c.Org, Navn: ask.Navn, EksternInstansID: ask.EksternInstansID, Opprettet: synced.Moment(s.Now())}
	ops, err := synced.PutSource(k)
	if err != nil {
		return host.Reply{}, err
	}
	receipt, err := s.Changes.Once(c.Context(), c.Doing(k.ID, "navn", "eksternInstansId"), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	shown, err := s.show(c, k)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusCreated, "", shown)
	out.Receipt, out.Location = receipt, c.URL.Path+"/"+k.ID
	return out, err
}

// remove ends the source: its tokens, and whatever its users and groups held, at once.
func (s *sources) remove(c *office.Errand) (host.Reply, error) {
	return s.Commit(c, func() (host.Plan, error) {
		k, err := s.read(c)
		if err != nil {
			return host.Plan{}, err
		}
		ops, err := s.synced.Drop(c.Context(), k)
		return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
	})
}

// token is one in an answer, without its text.
type token struct {
	ID        string    `json:"id"`
	Revoked   bool      `json:"revoked"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`
}

var errResource = fault.New(fault.NotFound, "UKJENT_ADRESSE", "Denne adressen finnes ikke. Sjekk metode og sti mot /openapi.yaml.")

// tokensOf gives the source of a path that ends in tokens, and its tokens.
func (s *sources) tokensOf(c *office.Errand) (synced.Source, []synced.Token, error) {
	if c.PathValue("ressurs") != "tokens" {
		return synced.Source{}, nil, errResource
	}
	k, err := s.read(c)
	if err != nil {
		return k, nil, err
	}
	all, err := s.synced.Tokens(c.Context(), k)
	return k, all, err
}

func (s *sources) tokens(c *office.Errand) (host.Reply, error) {
	_, all, err := s.tokensOf(c)
	if err != nil {
		return host.Reply{}, err
	}
	out := []token{}
	for _, t := range all {
		if t.InForce(s.Now()) {
			out = append(out, token{t.ID, false, t.CreatedAt, t.ExpiresAt, t.RevokedAt})
		}
	}
	return host.ReplyJSON(http.StatusOK, "", out)
}

var errTokens = fault.New(fault.Conflict, "SYNK_FOR_MANGE_TOKEN", "Kilden har så mange token som den kan ha. Tilbakekall et av dem først.")

func (s *sources) issue(c *office.Errand) (host.Reply, error) {
	k, all, err := s.tokensOf(c)
	if err != nil {
		return host.Reply{}, err
	}
	alive := 0
	for _, t := range all {
		if t.InForce(s.Now()) {
			alive++
		}
	}
	if alive >= synced.MaxTokens {
		return host.Reply{}, errTokens
	}
	t, text, ops, err := s.synced.Issue(k, s.Now())
	if err != nil {
		return host.Reply{}, err
	}
	receipt, err := s.Changes.Once(c.Context(), c.Doing(k.ID, "token"), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusCreated, "", struct {
		Token            string `json:"token"`
		Type             string `json:"type"`
		ExpiresInSeconds int64  `json:"expiresInSeconds"`
		Scope            string `json:"scope"`
		ID               string `json:"id"`
	}{text, "Bearer", int64(t.ExpiresAt.Sub(t.CreatedAt).Seconds()), "scim", t.ID})
	out.Receipt = receipt
	return out, err
}

func (s *sources) revoke(c *office.Errand) (host.Reply, error) {
	return s.Commit(c, func() (host.Plan, error) {
		_, all, err := s.tokensOf(c)
		if err != nil {
			return host.Plan{}, err
		}
		for _, t := range all {
			if t.ID == c.PathValue("id") && t.RevokedAt.IsZero() {
				ops, err := t.Revoke(s.Now())
				return host.Plan{Ops: ops, Reply: host.Reply{Status: http.StatusNoContent}}, err
			}
		}
		return host.Plan{}, synced.ErrGone
	})
}
