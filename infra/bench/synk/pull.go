package synk

import (
	"context"
	"errors"
	"fmt"

	"hjemmel/shared/identity/dirsim"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/pulled"
)

// pulling sets a source up that is read by Microsoft Graph's delta queries, from a directory with so many users and groups.
func (m *municipality) pulling(users, groups int) {
	m.Directory.Pages(500)
	for i := range users {
		m.Directory.Put(dirsim.User{ID: fmt.Sprintf("u%05d", i), UserName: fmt.Sprintf("hentet%d@kommune.example", i), Name: fmt.Sprint("Hentet ", i), Active: true})
	}
	for i := range groups {
		g := fmt.Sprintf("g%03d", i)
		m.Directory.PutGroup(g, g)
		for j := range users / 2 / (i + 1) {
			m.Directory.Member(g, fmt.Sprintf("u%05d", j), true)
		}
	}
	book, err := m.Env.Roles()
	if err != nil {
		m.failed = errors.Join(m.failed, err)
		return
	}
	pulls, k := book.Synced().Pulls(), m.Demo.Kilder[0]
	s := synced.Source{ID: "30000009-0000-4000-8000-000000000009", FiksOrgID: k.FiksOrgID, Navn: "hentet"}
	ops, err := synced.PutSource(s)
	h := pulls.WithSecret(pulled.Pull{KildeID: s.ID, FiksOrgID: s.FiksOrgID, Type: pulled.Graph, Tenant: dirsim.Tenant, KlientID: dirsim.ClientID, MaksAndel: 20, Nummerfelt: dirsim.Number}, dirsim.Token)
	more, err2 := pulls.Put(context.Background(), h, pulled.Pull{})
	m.failed = errors.Join(m.failed, err, err2, m.state.Commit(context.Background(), append(ops, more...)...))
}

// pull has the scheduler call, and wants the reading to be done.
func (m *municipality) pull() {
	m.scheduled("/hjemmel/v1/plattform/rollesynk/hent")
	book, err := m.Env.Roles()
	if err != nil {
		m.failed = errors.Join(m.failed, err)
		return
	}
	s, err := book.Synced().Pulls().Status(context.Background(), "30000009-0000-4000-8000-000000000009")
	if err == nil && s.Utfall != pulled.Done {
		err = fmt.Errorf("the reading ended %s %s", s.Utfall, s.Feil)
	}
	m.failed = errors.Join(m.failed, err)
}

// aDay changes a hundredth of the directory's users, and of those who are in its largest group.
func (m *municipality) aDay(users int) {
	for i := 0; i < users; i += 100 {
		id := fmt.Sprintf("u%05d", i)
		m.Directory.Put(dirsim.User{ID: id, UserName: fmt.Sprintf("hentet%d@kommune.example", i), Name: "Ny", Active: true})
		m.Directory.Member("g000", id, false)
		m.Directory.Member("g001", id, true)
	}
}
