package lookup

import (
	"encoding/json"
	"net/http"
	"strings"

	"hjemmel/shared/api"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/policy"
)

// errNoSuchRole is told of roles that do not exist and of roles that are not the caller's alike.
var errNoSuchRole = fault.New(fault.NotFound, "ROLLE_IKKE_TILGJENGELIG", "Rollen finnes ikke eller er ikke tildelt deg.")

// mine answers which roles the caller holds and which of them can be used now.
func (l *lookup) mine(w http.ResponseWriter, r *http.Request) error {
	who, err := l.caller.Caller(r.Context(), r)
	if err != nil {
		return err
	}
	held, err := l.roles.Held(r.Context(), who)
	if err != nil {
		return err
	}
	mine := struct {
		Roller []api.Rolle `json:"roller"`
	}{[]api.Rolle{}}
	now := l.now()
	for _, h := range held {
		mine.Roller = append(mine.Roller, api.NewRolle(h, policy.Usable(h, now)).Warned(h.Profil, now))
	}
	return writeJSON(w, mine)
}

// content answers what a role that the caller holds sees, in every language. It depends on the role
// alone, so it is always available.
func (l *lookup) content(w http.ResponseWriter, r *http.Request) error {
	who, err := l.caller.Caller(r.Context(), r)
	if err != nil {
		return err
	}
	h, err := l.roles.Holder(r.Context(), who, strings.ToLower(r.PathValue("id")))
	if err != nil {
		return err
	}
	if h.Profil == nil || len(h.Tildelinger) == 0 {
		return errNoSuchRole
	}
	now := l.now()
	h.Profil = h.Profil.At(now)
	in := api.NewInnhold(h, policy.Usable(h, now))
	in.Rolle = in.Warned(h.Profil, now)
	return writeJSON(w, in)
}

// explain answers an administrator or a privacy officer why a request was refused.
func (l *lookup) explain(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	x, err := l.desk.Explain(r.Context(), *ask, strings.ToLower(r.PathValue("requestId")))
	if err != nil {
		return err
	}
	return api.WriteExplanation(w, x)
}

// widen opens a nødtilgang for the caller.
func (l *lookup) widen(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	ask.RolleID = strings.ToLower(r.PathValue("id"))
	grunn, err := api.ReadGrunn(r)
	if err != nil {
		return err
	}
	x, err := l.desk.Widen(r.Context(), *ask, grunn)
	if err != nil {
		return err
	}
	return api.WriteWidening(w, x)
}

// widenings lists the nødtilganger that the caller may know of.
func (l *lookup) widenings(w http.ResponseWriter, r *http.Request, ask *disclosure.Request) error {
	ask.RolleID = strings.ToLower(r.PathValue("id"))
	all, err := l.desk.Widenings(r.Context(), *ask)
	if err != nil {
		return err
	}
	return api.WriteWidenings(w, all)
}

func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return api.WriteJSON(w, b)
}
