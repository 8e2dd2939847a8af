package sources

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles"
	"hjemmel/shared/roles/synced"
)

// maxFound bounds a search.
const maxFound = 100

// bruker is Fiks' EksternBruker.
type bruker struct {
	KildeID            string `json:"kildeId"`
	BrukerID           string `json:"brukerId"`
	Navn               string `json:"navn"`
	Epost              string `json:"epost"`
	Brukernavn         string `json:"brukernavn"`
	Aktiv              bool   `json:"aktiv"`
	IDPortenKompatibel bool   `json:"idPortenKompatibel"`
	AktorID            string `json:"aktorId"`
}

// gruppe is Fiks' EksternGruppe.
type gruppe struct {
	KildeID  string `json:"kildeId"`
	GruppeID string `json:"gruppeId"`
	Navn     string `json:"navn"`
	AktorID  string `json:"aktorId"`
}

func newBruker(u synced.User) bruker {
	return bruker{u.KildeID, u.ID, u.Navn, u.Epost, u.Brukernavn, u.Aktiv, u.Person != "", u.AktorID()}
}

// asked are the sources that are asked about: the one that the path names, or all of the organisation's.
func (s *sources) asked(c *office.Errand) ([]synced.Source, error) {
	if c.PathValue("kildeId") == "" {
		return s.synced.Sources(c.Context(), c.Org)
	}
	k, err := s.read(c)
	return []synced.Source{k}, err
}

// usersWhere lists the users of the sources that pass, at most most of them; 0 is all.
func (s *sources) usersWhere(c *office.Errand, of []synced.Source, pass func(synced.User) bool, most int) ([]bruker, error) {
	all := []bruker{}
	for _, k := range of {
		err := s.synced.EachUser(c.Context(), k.ID, func(u synced.User) error {
			if (most == 0 || len(all) < most) && pass(u) {
				all = append(all, newBruker(u))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func everybody(synced.User) bool { return true }

func (s *sources) allUsers(c *office.Errand) ([]bruker, error) {
	of, err := s.asked(c)
	if err != nil {
		return nil, err
	}
	return s.usersWhere(c, of, everybody, 0)
}

func (s *sources) users(c *office.Errand) (host.Reply, error) {
	all, err := s.allUsers(c)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", all)
	return s.Told(c, out, err)
}

func (s *sources) searchUsers(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Uttrykk string `json:"uttrykk"`
		KildeID string `json:"kildeId"`
	}
	if err := api.ReadJSON(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if !office.Fits(ask.Uttrykk, 1, 200) {
		return host.Reply{}, office.ErrField.About("uttrykk")
	}
	of, err := s.synced.Sources(c.Context(), c.Org)
	if err != nil {
		return host.Reply{}, err
	}
	var within []synced.Source
	for _, k := range of {
		if ask.KildeID == "" || k.ID == ask.KildeID {
			within = append(within, k)
		}
	}
	want := strings.ToLower(ask.Uttrykk)
	all, err := s.usersWhere(c, within, func(u synced.User) bool {
		return strings.Contains(strings.ToLower(u.Navn+"\n"+u.Epost+"\n"+u.Brukernavn), want)
	}, maxFound)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", all)
	return s.Told(c, out, err)
}

func (s *sources) allGroups(c *office.Errand) ([]gruppe, error) {
	of, err := s.asked(c)
	if err != nil {
		return nil, err
	}
	all := []gruppe{}
	for _, k := range of {
		err := s.synced.EachGroup(c.Context(), k.ID, func(g synced.Group) error {
			all = append(all, gruppe{g.KildeID, g.ID, g.Navn, g.AktorID()})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *sources) groups(c *office.Errand) (host.Reply, error) {
	all, err := s.allGroups(c)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := host.ReplyJSON(http.StatusOK, "", all)
	return s.Told(c, out, err)
}

func (s *sources) usersCSV(c *office.Errand) (host.Reply, error) {
	all, err := s.allUsers(c)
	if err != nil {
		return host.Reply{}, err
	}
	rows := [][]string{{"brukerId", "aktorId", "navn", "brukernavn", "epost", "aktiv", "idPortenKompatibel"}}
	for _, b := range all {
		rows = append(rows, []string{b.BrukerID, b.AktorID, b.Navn, b.Brukernavn, b.Epost, strconv.FormatBool(b.Aktiv), strconv.FormatBool(b.IDPortenKompatibel)})
	}
	return s.csv(c, rows)
}

func (s *sources) groupsCSV(c *office.Errand) (host.Reply, error) {
	all, err := s.allGroups(c)
	if err != nil {
		return host.Reply{}, err
	}
	rows := [][]string{{"gruppeId", "aktorId", "navn", "medlemmer"}}
	for _, g := range all {
		members, err := s.synced.Members(c.Context(), g.GruppeID)
		if err != nil {
			return host.Reply{}, err
		}
		rows = append(rows, []string{g.GruppeID, g.AktorID, g.Navn, strconv.Itoa(len(members))})
	}
	return s.csv(c, rows)
}

// csv is a report. A cell that a spreadsheet would take for a formula is made text.
func (s *sources) csv(c *office.Errand, rows [][]string) (host.Reply, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		_ = w.Write(row) // to memory
	}
	w.Flush()
	return s.Told(c, host.Reply{Status: http.StatusOK, Body: b.Bytes(), Media: "text/csv; charset=utf-8"}, w.Error())
}

// actors is the answer of Fiks' oppslag.
type actors struct {
	Ref     string   `json:"ref"`
	Aktorer []string `json:"aktorer"`
}

// me tells the caller which synced users and groups they are.
func (s *sources) me(c *office.Errand) (host.Reply, error) {
	ids, err := s.Roles.SyncedAs(c.Context(), c.Who.Person())
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", actors{c.Aktor, ids})
}

// lookup tells the operator which synced users and groups somebody is.
func (s *sources) lookup(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Aktor string `json:"aktor"`
	}
	if err := api.ReadJSON(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	number, err := s.numbers.Parse(ask.Aktor)
	if err != nil {
		return host.Reply{}, err
	}
	c.Entry.Person = number
	ids, err := s.Roles.SyncedAs(c.Context(), number)
	if err != nil {
		return host.Reply{}, err
	}
	ref := ""
	for _, id := range ids {
		if roles.TypeOf(id) == roles.EksternBruker {
			ref = id
		}
	}
	out, err := host.ReplyJSON(http.StatusOK, "", actors{ref, ids})
	return s.Told(c, out, err)
}
