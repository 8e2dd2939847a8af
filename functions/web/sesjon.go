package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/session"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// current is the session of the browser; session.ErrEnded where there is none.
func (w *web) current(r *http.Request) (session.Session, error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return session.Session{}, session.ErrEnded
	}
	return w.sessions.Get(r.Context(), c.Value)
}

// early is how long before a token ends it is renewed.
const early = 30 * time.Second

// live is the session of the browser with a token that is good.
func (w *web) live(r *http.Request) (session.Session, error) {
	s, err := w.current(r)
	if err != nil || w.env.Now().Add(early).Before(s.Until) {
		return s, err
	}
	found, err, _ := w.renewing.Do(s.Key(), func() (any, error) { return w.renewed(r, s) })
	if err != nil {
		return session.Session{}, err
	}
	return found.(session.Session), nil
}

// renewed has the issuer renew the token. A refresh token is good once: who comes second finds the first one's.
func (w *web) renewed(r *http.Request, s session.Session) (session.Session, error) {
	ctx := context.WithoutCancel(r.Context())
	t, err := w.login.Renew(ctx, s.Refresh)
	if err != nil {
		if now, again := w.current(r); again == nil && now.Access != s.Access {
			return now, nil
		}
		if fault.Is(err, fault.Unauthenticated) {
			return s, session.ErrEnded
		}
		return s, err
	}
	s.Access, s.Refresh, s.Until = t.Access, t.Refresh, t.Until
	return w.sessions.Renewed(ctx, s)
}

// Sesjon is what the page is told of the session.
type sesjon struct {
	Innlogget      bool           `json:"innlogget"`
	Navn           string         `json:"navn,omitempty"`
	Nivaa          string         `json:"nivaa,omitempty"`
	Organisasjoner []organisasjon `json:"organisasjoner"`
	Roller         []api.Rolle    `json:"roller"`
	ValgtRolle     string         `json:"valgtRolle,omitempty"`
	// Slutter is when it ends if nobody does anything, Senest when it ends anyhow, Naa our clock.
	Slutter time.Time `json:"slutter,omitzero"`
	Senest  time.Time `json:"senest,omitzero"`
	Naa     time.Time `json:"naa"`
}

// organisasjon is an employer. In one that KreverHoyere the login gives nothing.
type organisasjon struct {
	FiksOrgID     string           `json:"fiksOrgId"`
	Navn          string           `json:"navn"`
	Kommunenummer string           `json:"kommunenummer"`
	Funksjoner    []roles.Funksjon `json:"funksjoner"`
	KreverHoyere  bool             `json:"kreverHoyere"`
}

// tell answers who is logged in, as what, and for how long. Nobody being so is an answer and no error. It does not
// keep the session alive.
func (w *web) tell(rw http.ResponseWriter, r *http.Request) error {
	s, err := w.live(r)
	if fault.Is(err, fault.Unauthenticated) {
		return write(rw, sesjon{Organisasjoner: []organisasjon{}, Roller: []api.Rolle{}, Naa: w.env.Now().UTC()})
	}
	if err != nil {
		return err
	}
	return w.told(rw, r, s)
}

func (w *web) told(rw http.ResponseWriter, r *http.Request, s session.Session) error {
	who, err := w.caller.Caller(r.Context(), bearing(r, s.Access))
	if err != nil {
		return err
	}
	out := sesjon{
		Innlogget: true, Nivaa: who.Level(), Organisasjoner: []organisasjon{}, Roller: []api.Rolle{},
		ValgtRolle: s.Rolle, Slutter: s.Ends(), Senest: s.Last(), Naa: w.env.Now().UTC(),
	}
	if err := w.employers(r.Context(), who, &out); err != nil {
		return err
	}
	held, err := w.roles.Held(r.Context(), who)
	if err != nil {
		return err
	}
	for _, h := range held {
		out.Roller = append(out.Roller, api.NewRolle(h, policy.Usable(h, w.env.Now())).Warned(h.Profil, w.env.Now()))
	}
	return write(rw, out)
}

// employers adds the organisations that employ the caller, and the caller's name in the first of them.
func (w *web) employers(ctx context.Context, who identity.Caller, out *sesjon) error {
	employed, err := w.roles.Employments(ctx, who)
	if err != nil {
		return err
	}
	for _, a := range employed {
		if out.Navn == "" {
			out.Navn = a.Navn
		}
		at := slices.IndexFunc(out.Organisasjoner, func(o organisasjon) bool { return o.FiksOrgID == a.FiksOrgID })
		if at >= 0 {
			out.Organisasjoner[at].Funksjoner = append(out.Organisasjoner[at].Funksjoner, a.Funksjon)
			continue
		}
		o, _, err := w.roles.Organisation(ctx, a.FiksOrgID)
		if err != nil {
			return err
		}
		out.Organisasjoner = append(out.Organisasjoner, organisasjon{a.FiksOrgID, o.Navn, o.Kommunenummer, []roles.Funksjon{a.Funksjon}, false})
	}
	far, err := w.roles.OutOfReach(ctx, who)
	for _, o := range far {
		out.Organisasjoner = append(out.Organisasjoner, organisasjon{o.FiksOrgID, o.Navn, o.Kommunenummer, []roles.Funksjon{}, true})
	}
	return err
}

// extend keeps the session alive.
func (w *web) extend(rw http.ResponseWriter, r *http.Request) error {
	s, err := w.live(r)
	if err != nil {
		return err
	}
	if s, err = w.sessions.Touch(r.Context(), s); err != nil {
		return err
	}
	return w.told(rw, r, s)
}

var errNoSuchRole = fault.New(fault.NotFound, "ROLLE_IKKE_TILGJENGELIG", "Rollen finnes ikke eller er ikke tildelt deg.")

// choose makes a role the session's, under a new id.
func (w *web) choose(rw http.ResponseWriter, r *http.Request) error {
	var body struct {
		RolleID string `json:"rolleId"`
	}
	if _, err := api.ReadBody(r, &body); err != nil {
		return err
	}
	s, err := w.live(r)
	if err != nil {
		return err
	}
	who, err := w.caller.Caller(r.Context(), bearing(r, s.Access))
	if err != nil {
		return err
	}
	h, err := w.roles.Holder(r.Context(), who, strings.ToLower(body.RolleID))
	if err != nil {
		return err
	}
	if h.Profil == nil || len(h.Tildelinger) == 0 {
		return errNoSuchRole
	}
	s.Rolle = h.Profil.Role.ID
	id, ops, err := w.sessions.Replace(s)
	if err != nil {
		return err
	}
	e := audit.Entry{
		FiksOrgID: h.FiksOrgID, Aktor: h.Aktor, Handling: "rollevalg", RequestID: rw.Header().Get(host.RequestIDHeader),
		Rolle: h.Profil.Role.ID, Rolleversjon: h.Profil.Role.Versjon, Tjenesteomraade: h.Profil.Role.Tjenesteomraade,
	}
	if _, err := w.changes.Once(r.Context(), e, ops...); err != nil {
		return err
	}
	keep(rw, sessionCookie, id, session.Longest)
	return w.told(rw, r, s)
}

// end ends the session and tells where the login at the issuer ends too.
func (w *web) end(rw http.ResponseWriter, r *http.Request) error {
	to := struct {
		Til string `json:"til"`
	}{host.LeftPath}
	if s, err := w.current(r); err == nil {
		who, _ := w.caller.Caller(r.Context(), bearing(r, s.Access)) // one whose token has ended is nobody, and may leave
		if err := w.written(r.Context(), who, "utlogging", rw.Header().Get(host.RequestIDHeader), w.sessions.End(s)); err != nil {
			return err
		}
		if out, err := w.login.Leave(r.Context()); err == nil && out != "" {
			to.Til = out
		}
	}
	forget(rw, sessionCookie)
	return write(rw, to)
}

func write(rw http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return api.WriteJSON(rw, b)
}
