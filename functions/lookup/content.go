package lookup

import (
	"encoding/json"
	"net/http"
	"strings"

	"hjemmel/shared/api"
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

func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return api.WriteJSON(w, b)
}
