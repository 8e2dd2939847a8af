package policy

import (
	"time"

	"hjemmel/shared/fault"
)

// Noedtilgang (break-glass) is a holder's own widening of a role for some hours, with a reason. It lifts
// what the organisation has chosen for the role, its municipalities, its demand for a purpose and its
// soft budget, and never what protects the person: gradings, habilitet, or what the role may see.
type Noedtilgang struct {
	ID           string    `json:"id"`
	FiksOrgID    string    `json:"fiksOrgId"`
	RolleID      string    `json:"rolleId"`
	Rolleversjon int       `json:"rolleversjon"`
	AktorID      string    `json:"aktorId"`
	Grunn        string    `json:"grunn"`
	Fra          time.Time `json:"fra"`
	Til          time.Time `json:"til"`
}

// MaxNoedtilgang bounds the hours that a role can permit.
const MaxNoedtilgang = 24

// MinGrunn is the shortest reason for a nødtilgang, in bytes; the longest is MaxFormaal.
const MinGrunn = 10

// NewNoedtilgang judges whether the holder may widen the role now, and gives the widening without an
// id. Only employees can.
func NewNoedtilgang(h Holder, grunn string, at time.Time) (Noedtilgang, *fault.Error) {
	if !Usable(h, at) {
		return Noedtilgang{}, NoRole
	}
	hours := h.Profil.Role.NoedtilgangTimer
	switch {
	case hours <= 0 || h.Person.IsZero():
		return Noedtilgang{}, noNoedtilgang
	case len(grunn) < MinGrunn || len(grunn) > MaxFormaal:
		return Noedtilgang{}, badGrunn
	}
	r := h.Profil.Role
	return Noedtilgang{
		FiksOrgID: r.FiksOrgID, RolleID: r.ID, Rolleversjon: r.Versjon, AktorID: h.Aktor, Grunn: grunn,
		Fra: at, Til: at.Add(time.Duration(min(hours, MaxNoedtilgang)) * time.Hour),
	}, nil
}

// widened reports whether a nødtilgang of the holder in the role is in force, by the hours that the
// role permits now.
func (q question) widened() bool {
	if !q.judged() || q.Person.IsZero() || q.Action.Ordered() {
		return false
	}
	r := q.Profil.Role
	longest := time.Duration(min(r.NoedtilgangTimer, MaxNoedtilgang)) * time.Hour
	for _, n := range q.Noedtilganger {
		mine := n.FiksOrgID == r.FiksOrgID && n.RolleID == r.ID && n.AktorID == q.Aktor
		if mine && !q.At.Before(n.Fra) && q.At.Before(n.Til) && q.At.Before(n.Fra.Add(longest)) {
			return true
		}
	}
	return false
}

var (
	noNoedtilgang = fault.New(fault.Denied, "NOEDTILGANG_IKKE_TILLATT", "Rollen har ikke nødtilgang, eller den som spør, er ikke en ansatt.")
	badGrunn      = fault.New(fault.Invalid, "NOEDTILGANG_UTEN_GRUNN", "Nødtilgang krever en begrunnelse på 10 til 255 tegn.")
)
