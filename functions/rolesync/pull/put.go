package pull

import (
	"cmp"
	"net/http"
	"regexp"

	"hjemmel/shared/api"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/roles/synced"
	"hjemmel/shared/roles/synced/pulled"
)

const maxShare = 20 // per cent, where nothing else is chosen

var (
	account  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$`)
	property = regexp.MustCompile(`^[A-Za-z0-9:._-]{0,200}$`)
)

// asked is how an administrator wants a source to be read.
type asked struct {
	Type          string `json:"type"`
	Adresse       string `json:"adresse"`
	Tenant        string `json:"tenant"`
	KlientID      string `json:"klientId"`
	Hemmelighet   string `json:"hemmelighet"`
	Nummerfelt    string `json:"nummerfelt"`
	Gruppeprefiks string `json:"gruppeprefiks"`
	MaksAndel     *int   `json:"maksAndel"`
}

// wrong names the first field that cannot be.
func (a asked) wrong(p *puller) string {
	_, address := p.config.Rules.Check(a.Adresse)
	scim, graph := a.Type == pulled.SCIM, a.Type == pulled.Graph
	for _, f := range []struct {
		name string
		ok   bool
	}{
		{"type", scim || graph},
		{"adresse", graph && a.Adresse == "" || scim && address == nil && office.Fits(a.Adresse, 1, 500)},
		{"tenant", scim && a.Tenant == "" || graph && account.MatchString(a.Tenant)},
		{"klientId", scim && a.KlientID == "" || graph && account.MatchString(a.KlientID)},
		{"hemmelighet", office.Fits(a.Hemmelighet, 0, 4000)},
		{"nummerfelt", property.MatchString(a.Nummerfelt)},
		{"gruppeprefiks", office.Fits(a.Gruppeprefiks, 0, 100)},
		{"maksAndel", a.MaksAndel == nil || *a.MaksAndel >= 0 && *a.MaksAndel <= 100},
	} {
		if !f.ok {
			return f.name
		}
	}
	return ""
}

// put sets up how a source is read. A secret that is not given anew is kept only where it goes to the same place
// as before, so that nobody who administers can have it sent to themselves.
func (p *puller) put(c *office.Errand) (host.Reply, error) {
	var ask asked
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if name := ask.wrong(p); name != "" {
		return host.Reply{}, office.ErrField.About(name)
	}
	return p.Commit(c, func() (host.Plan, error) {
		k, err := p.source(c)
		if err != nil {
			return host.Plan{}, err
		}
		was, _, err := p.pulls.Pull(c.Context(), k.ID)
		if err != nil {
			return host.Plan{}, err
		}
		h := pulled.Pull{
			KildeID: k.ID, FiksOrgID: k.FiksOrgID, Type: ask.Type, Adresse: ask.Adresse, Tenant: ask.Tenant, KlientID: ask.KlientID,
			Nummerfelt: ask.Nummerfelt, Gruppeprefiks: ask.Gruppeprefiks, MaksAndel: *cmp.Or(ask.MaksAndel, new(maxShare)), Endret: synced.Moment(p.Now()),
		}
		switch {
		case ask.Hemmelighet != "":
			h = p.pulls.WithSecret(h, ask.Hemmelighet)
		case h.SamePlace(was):
			h.Hemmelighet = was.Hemmelighet
		default:
			return host.Plan{}, office.ErrField.About("hemmelighet")
		}
		c.Doing(k.ID, "type", "adresse", "tenant", "klientId", "hemmelighet", "nummerfelt", "gruppeprefiks", "maksAndel")
		var out host.Plan
		if out.Ops, err = p.pulls.Put(c.Context(), h, was); err != nil {
			return host.Plan{}, err
		}
		out.Reply, err = host.ReplyJSON(http.StatusOK, "", shown(h, pulled.Status{}))
		return out, err
	})
}

// order reads at once. Who confirms what a run that stopped would take away says its fingerprint; where it would
// take away anything else by now, it stops again.
func (p *puller) order(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Fingeravtrykk string `json:"fingeravtrykk"`
	}
	if err := api.ReadJSON(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if !office.Fits(ask.Fingeravtrykk, 0, 32) {
		return host.Reply{}, office.ErrField.About("fingeravtrykk")
	}
	h, err := p.pull(c)
	if err != nil {
		return host.Reply{}, err
	}
	if ask.Fingeravtrykk != "" {
		c.Entry.Handling = "synk-henting-bekreftet"
	}
	if _, err := p.Changes.Note(c.Context(), c.Doing(h.KildeID)); err != nil {
		return host.Reply{}, err
	}
	s, err := p.once(c.Context(), h, c.Aktor, ask.Fingeravtrykk)
	if err != nil {
		return host.Reply{}, err
	}
	return host.ReplyJSON(http.StatusOK, "", shown(h, s))
}
