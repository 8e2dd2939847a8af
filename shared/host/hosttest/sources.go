package hosttest

import (
	"context"
	"time"

	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/store"
)

// seedSource is an identity system with what it has synced.
type seedSource struct {
	ID        string `json:"id"`
	FiksOrgID string `json:"fiksOrgId"`
	Navn      string `json:"navn"`
	Brukere   []struct {
		ID         string `json:"id"`
		Ansatt     string `json:"ansatt"` // the name by which the simulated ID-porten logs them in
		Navn       string `json:"navn"`
		Brukernavn string `json:"brukernavn"`
		Person     string `json:"person"` // the name of a person of the population
	} `json:"brukere"`
	Grupper []struct {
		ID        string   `json:"id"`
		Navn      string   `json:"navn"`
		Medlemmer []string `json:"medlemmer"`
	} `json:"grupper"`
}

// DemoKilde is a source with the token that its identity system has.
type DemoKilde struct {
	ID            string `json:"id"`
	FiksOrgID     string `json:"fiksOrgId"`
	Navn          string `json:"navn"`
	ScimEndepunkt string `json:"scimEndepunkt"`
	Token         string `json:"token"`
}

// plantSources writes the sources, once, and gives what scripts are told of them.
func (w *World) plantSources(ctx context.Context, st store.Store, s seed, people *population.Population, d *Demo, anew bool) error {
	book, err := w.Env.Roles()
	if err != nil {
		return err
	}
	for _, k := range s.Kilder {
		if anew || w.secrets.Passwords[k.ID] == "" {
			if err := w.plantSource(ctx, st, book.Synced(), k, people); err != nil {
				return err
			}
		}
		d.Kilder = append(d.Kilder, DemoKilde{k.ID, k.FiksOrgID, k.Navn, w.Base + "/brukersynkronisering/scim/v2/" + k.ID, w.secrets.Passwords[k.ID]})
	}
	return nil
}

func (w *World) plantSource(ctx context.Context, st store.Store, book *synced.Book, k seedSource, people *population.Population) error {
	b, now := batch{}, synced.Moment(time.Now())
	source := synced.Source{ID: k.ID, FiksOrgID: k.FiksOrgID, Navn: k.Navn, Opprettet: now}
	b.add(synced.PutSource(source))
	_, text, ops, err := book.Issue(source, now)
	b.add(ops, err)
	for _, u := range k.Brukere {
		person := people.Named()[u.Person]
		user := book.WithNumber(synced.User{
			ID: u.ID, KildeID: k.ID, FiksOrgID: k.FiksOrgID, Brukernavn: u.Brukernavn, Navn: u.Navn, Aktiv: true, Opprettet: now, Endret: now, Versjon: 1,
			Attributter: map[string]any{"userName": u.Brukernavn, "displayName": u.Navn, "active": true},
		}, person.Reveal(), person)
		b.add(book.PutUser(ctx, user, synced.User{}))
	}
	for _, g := range k.Grupper {
		group := synced.Group{
			ID: g.ID, KildeID: k.ID, FiksOrgID: k.FiksOrgID, Navn: g.Navn, Opprettet: now, Endret: now, Versjon: 1,
			Attributter: map[string]any{"displayName": g.Navn},
		}
		b.add(book.PutGroup(ctx, group, synced.Group{}, g.Medlemmer, nil))
	}
	if b.err != nil {
		return b.err
	}
	w.secrets.mu.Lock()
	w.secrets.Passwords[k.ID] = text
	w.secrets.mu.Unlock()
	return st.Commit(ctx, b.ops...)
}
