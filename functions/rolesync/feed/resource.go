package feed

import (
	"math"
	"strings"

	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/target"
)

// fiks is what is Fiks' own of a resource.
type fiks struct {
	KildeID string `json:"kildeId"`
	AktorID string `json:"aktorId"`
	// IdentityNumber is there where the target may have it and it is an identity number.
	IdentityNumber string `json:"identityNumber,omitempty"`
}

// value is a value of a list, as SCIM has it.
type value struct {
	Value string `json:"value"`
}

// user is a user to a target: who it is, and no more of what was synced.
type user struct {
	ID          string  `json:"id"`
	ExternalID  string  `json:"externalId,omitempty"`
	UserName    string  `json:"userName"`
	DisplayName string  `json:"displayName"`
	Emails      []value `json:"emails,omitempty"`
	Active      bool    `json:"active"`
	Fiks        fiks    `json:"fiks"`
}

// group is a group to a target. Members are nil where they must be fetched apart.
type group struct {
	ID          string  `json:"id"`
	ExternalID  string  `json:"externalId,omitempty"`
	DisplayName string  `json:"displayName"`
	Members     []value `json:"members,omitzero"`
	Fiks        fiks    `json:"fiks"`
}

// userEvent tells of a user; there is none where its source is gone.
func (f *feed) userEvent(a *office.Errand, t target.Target, kilde, id string) (event, bool, error) {
	u, ok, err := f.synced.Actor(a.Context(), synced.UserPrefix+id)
	if err != nil || !ok || u.KildeID != kilde || u.FiksOrgID != a.Org {
		return event{}, false, err
	}
	out := user{
		ID: u.ID, ExternalID: u.EksternID, UserName: u.Brukernavn, DisplayName: u.Navn, Active: u.Aktiv,
		Fiks: fiks{KildeID: u.KildeID, AktorID: u.AktorID()},
	}
	if u.Epost != "" {
		out.Emails = []value{{u.Epost}}
	}
	if t.Identitetsnummer && u.Person != "" {
		out.Fiks.IdentityNumber = f.synced.Number(u)
	}
	return event{ID: u.ID, ChangeType: "sync", Timestamp: u.Endret, Resource: out}, true, nil
}

// groupEvent tells of a group, with its members where they are no more than most.
func (f *feed) groupEvent(a *office.Errand, kilde, id string, most int) (event, bool, error) {
	_, there, err := f.synced.Source(a.Context(), kilde)
	if err != nil || !there {
		return event{}, false, err
	}
	g, ok, err := f.synced.Group(a.Context(), kilde, id)
	if err != nil || !ok || g.FiksOrgID != a.Org {
		return event{}, false, err
	}
	ids, whole, err := f.synced.MembersUpTo(a.Context(), g.ID, most)
	if err != nil {
		return event{}, false, err
	}
	out := group{ID: g.ID, ExternalID: g.EksternID, DisplayName: g.Navn, Fiks: fiks{KildeID: g.KildeID, AktorID: g.AktorID()}}
	if whole {
		out.Members = []value{}
	}
	for _, id := range ids {
		out.Members = append(out.Members, value{id})
	}
	apart := !whole
	return event{ID: g.ID, ChangeType: "sync", Timestamp: g.Endret, RequiresSeparateFetch: &apart, Resource: out, members: len(ids)}, true, nil
}

// user answers with one user.
func (f *feed) user(a *office.Errand) (host.Reply, error) {
	t, err := f.target(a)
	if err != nil {
		return host.Reply{}, err
	}
	id := strings.ToLower(a.PathValue("id"))
	u, ok, err := f.synced.Actor(a.Context(), synced.UserPrefix+id)
	if err != nil {
		return host.Reply{}, err
	}
	if !ok {
		return host.Reply{}, synced.ErrGone
	}
	e, ok, err := f.userEvent(a, t, u.KildeID, id)
	return f.single(a, t, e, ok, err)
}

// group answers with one group and all of its members.
func (f *feed) group(a *office.Errand) (host.Reply, error) {
	t, err := f.target(a)
	if err != nil {
		return host.Reply{}, err
	}
	id := strings.ToLower(a.PathValue("id"))
	kilde, ok, err := f.synced.SourceOf(a.Context(), synced.GroupPrefix+id)
	if err != nil {
		return host.Reply{}, err
	}
	if !ok {
		return host.Reply{}, synced.ErrGone
	}
	e, ok, err := f.groupEvent(a, kilde, id, math.MaxInt32)
	return f.single(a, t, e, ok, err)
}

func (f *feed) single(a *office.Errand, t target.Target, e event, ok bool, err error) (host.Reply, error) {
	if err != nil {
		return host.Reply{}, err
	}
	if !ok {
		return host.Reply{}, synced.ErrGone
	}
	return f.told(a, t, 1, e.Resource)
}
