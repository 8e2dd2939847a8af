// Package catalogue is what the platform operator does with the catalogue of tjenesteområder and their
// hjemler, and what organisations ask to have in it.
//
// It refuses to take away what roles and log entries name: that is ended.
package catalogue

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/roles/overlay"
)

// catalogue is the platform operator's catalogue, which the operator changes and administrators read.
type catalogue struct {
	*office.Office
	areas *overlay.Catalogue
}

// Routes are the operations on the catalogue.
func Routes(e *host.Env) ([]host.Route, error) {
	o, err := office.New(e)
	if err != nil {
		return nil, err
	}
	c := &catalogue{o, o.Roles.Catalogue()}
	const all = "/hjemmel/v1/katalog/tjenesteomraader"
	const asked = "/hjemmel/v1/katalog/foresporsler"
	readers := office.Either(office.Operator, anyAdministrator)
	return []host.Route{
		{Pattern: "GET " + all, Handle: c.By(readers, "katalog-liste", c.list)},
		{Pattern: "POST " + all, Handle: c.By(office.Operator, "katalog-ny", c.create)},
		{Pattern: "GET " + all + "/{kode}", Handle: c.By(readers, "katalog-les", c.one)},
		{Pattern: "PUT " + all + "/{kode}", Handle: c.By(office.Operator, "katalog-endre", c.change)},
		{Pattern: "DELETE " + all + "/{kode}", Handle: c.By(office.Operator, "katalog-avslutt", c.retire)},
		{Pattern: "POST " + all + "/{kode}/hjemler", Handle: c.By(office.Operator, "katalog-hjemmel-ny", c.addBasis)},
		{Pattern: "PUT " + all + "/{kode}/hjemler/{id}", Handle: c.By(office.Operator, "katalog-hjemmel-endre", c.changeBasis)},
		{Pattern: "DELETE " + all + "/{kode}/hjemler/{id}", Handle: c.By(office.Operator, "katalog-hjemmel-avslutt", c.retireBasis)},
		{Pattern: "GET " + asked, Handle: c.By(readers, "katalog-forespoersler", c.requests)},
		{Pattern: "POST " + asked, Handle: c.By(anyAdministrator, "katalog-forespoersel-ny", c.request)},
		{Pattern: "PATCH " + asked + "/{id}", Handle: c.By(office.Operator, "katalog-forespoersel-svar", c.respond)},
	}, nil
}

func anyAdministrator(_ *office.Errand, employed roles.Ansatt) bool {
	return employed.Funksjon == roles.Administrator
}

// KatalogOmraade is a tjenesteområde with what If-Match wants.
type KatalogOmraade struct {
	katalog.Tjenesteomraade
	ETag string `json:"etag,omitempty"`
}

var (
	errNoArea  = fault.New(fault.NotFound, "TJENESTEOMRAADE_IKKE_FUNNET", "Katalogen har ikke dette tjenesteområdet, eller området har ikke denne hjemmelen.")
	errCodeHas = fault.New(fault.Conflict, "KATALOG_KODE_FINNES", "Koden er i bruk. Det som er avsluttet, beholder sin kode.")
)

func (c *catalogue) list(a *office.Errand) (host.Reply, error) {
	areas, err := c.areas.Areas(a.Context())
	if err != nil {
		return host.Reply{}, err
	}
	all := make([]KatalogOmraade, len(areas))
	for i, area := range areas {
		all[i] = KatalogOmraade{area.Tjenesteomraade, api.ETag(area.Revision)}
	}
	return host.ReplyJSON(http.StatusOK, "", struct {
		Tjenesteomraader []KatalogOmraade `json:"tjenesteomraader"`
	}{all})
}

// area gives the area that the path names.
func (c *catalogue) area(a *office.Errand) (overlay.Area, error) {
	area, ok, err := c.areas.Area(a.Context(), a.PathValue("kode"))
	if err == nil && !ok {
		err = errNoArea
	}
	a.Entry.Gjelder = area.Kode
	return area, err
}

func (c *catalogue) one(a *office.Errand) (host.Reply, error) {
	area, err := c.area(a)
	if err != nil {
		return host.Reply{}, err
	}
	return c.answer(http.StatusOK, area)
}

func (c *catalogue) answer(status int, area overlay.Area) (host.Reply, error) {
	etag := api.ETag(area.Revision)
	return host.ReplyJSON(status, etag, KatalogOmraade{area.Tjenesteomraade, etag})
}

// save changes the area that was read into t, writes down what is different, and answers what is there.
func (c *catalogue) save(a *office.Errand, status int, read overlay.Area, t katalog.Tjenesteomraade, changed []string) (host.Reply, error) {
	ops, err := c.areas.Change(read, t)
	if err != nil {
		return host.Reply{}, err
	}
	a.Entry.FiksOrgID, a.Entry.Tjenesteomraade = audit.Platform, t.Kode
	receipt, err := c.Changes.Once(a.Context(), a.Doing(t.Kode, changed...), ops...)
	if err != nil {
		return host.Reply{}, err
	}
	area, _, err := c.areas.Area(a.Context(), t.Kode)
	if err != nil {
		return host.Reply{}, err
	}
	out, err := c.answer(status, area)
	out.Receipt = receipt
	return out, err
}

func (c *catalogue) create(a *office.Errand) (host.Reply, error) {
	var body KatalogOmraade
	if err := api.ReadJSON(a.Request, &body); err != nil {
		return host.Reply{}, err
	}
	read, ok, err := c.areas.Area(a.Context(), body.Kode)
	if err != nil {
		return host.Reply{}, err
	}
	if ok {
		return host.Reply{}, errCodeHas
	}
	return c.save(a, http.StatusCreated, read, body.Tjenesteomraade, different(katalog.Tjenesteomraade{}, body.Tjenesteomraade))
}

// matched reads the area that the path names, for one who knows how it stands.
func (c *catalogue) matched(a *office.Errand) (overlay.Area, error) {
	read, err := c.area(a)
	if err != nil {
		return read, err
	}
	return read, api.Match(a.Request, read.Revision, false)
}

// change replaces an area. Its code stays, and its hjemler are ended and never taken away: roles and
// log entries name them.
func (c *catalogue) change(a *office.Errand) (host.Reply, error) {
	var body KatalogOmraade
	if err := api.ReadJSON(a.Request, &body); err != nil {
		return host.Reply{}, err
	}
	read, err := c.matched(a)
	if err != nil {
		return host.Reply{}, err
	}
	if body.Kode != read.Kode {
		return host.Reply{}, office.ErrField.About("kode")
	}
	for _, h := range read.Lovhjemler {
		if basis(body.Lovhjemler, h.ID) < 0 {
			return host.Reply{}, office.ErrField.About("lovhjemler")
		}
	}
	return c.save(a, http.StatusOK, read, body.Tjenesteomraade, different(read.Tjenesteomraade, body.Tjenesteomraade))
}

// retire ends an area at a time, now where none is given. Its roles stop then, by time alone.
func (c *catalogue) retire(a *office.Errand) (host.Reply, error) {
	read, err := c.matched(a)
	if err != nil {
		return host.Reply{}, err
	}
	t := read.Tjenesteomraade
	if t.GyldigTil, err = c.ending(a); err != nil {
		return host.Reply{}, err
	}
	return c.save(a, http.StatusOK, read, t, []string{"gyldigTil"})
}

// ending reads the query parameter fra: from when something no longer holds. The past stays as it was.
func (c *catalogue) ending(a *office.Errand) (time.Time, error) {
	q, err := api.ReadQuery(a.Request, "fra")
	if err != nil {
		return time.Time{}, err
	}
	now := c.Now().UTC().Truncate(time.Second)
	if !q.Has("fra") {
		return now, nil
	}
	at, err := time.Parse(time.RFC3339, q.Get("fra"))
	if err != nil || at.Before(now) {
		return time.Time{}, office.ErrField.About("fra")
	}
	return at.UTC(), nil
}

func (c *catalogue) addBasis(a *office.Errand) (host.Reply, error) {
	var h katalog.Hjemmel
	if err := api.ReadJSON(a.Request, &h); err != nil {
		return host.Reply{}, err
	}
	read, err := c.matched(a)
	if err != nil {
		return host.Reply{}, err
	}
	if basis(read.Lovhjemler, h.ID) >= 0 {
		return host.Reply{}, errCodeHas
	}
	t := read.Tjenesteomraade
	t.Lovhjemler = append(slices.Clone(t.Lovhjemler), h)
	return c.save(a, http.StatusCreated, read, t, []string{"lovhjemler", h.ID})
}

func (c *catalogue) changeBasis(a *office.Errand) (host.Reply, error) {
	var h katalog.Hjemmel
	if err := api.ReadJSON(a.Request, &h); err != nil {
		return host.Reply{}, err
	}
	return c.onBasis(a, func(old katalog.Hjemmel) (katalog.Hjemmel, error) {
		if h.ID != old.ID {
			return h, office.ErrField.About("id")
		}
		return h, nil
	})
}

// retireBasis ends a hjemmel at a time, now where none is given. What roles show by it ends then.
func (c *catalogue) retireBasis(a *office.Errand) (host.Reply, error) {
	return c.onBasis(a, func(old katalog.Hjemmel) (katalog.Hjemmel, error) {
		var err error
		old.GyldigTil, err = c.ending(a)
		return old, err
	})
}

// onBasis changes the hjemmel that the path names.
func (c *catalogue) onBasis(a *office.Errand, change func(katalog.Hjemmel) (katalog.Hjemmel, error)) (host.Reply, error) {
	read, err := c.matched(a)
	if err != nil {
		return host.Reply{}, err
	}
	i := basis(read.Lovhjemler, a.PathValue("id"))
	if i < 0 {
		return host.Reply{}, errNoArea
	}
	h, err := change(read.Lovhjemler[i])
	if err != nil {
		return host.Reply{}, err
	}
	t := read.Tjenesteomraade
	t.Lovhjemler = slices.Clone(t.Lovhjemler)
	t.Lovhjemler[i] = h
	return c.save(a, http.StatusOK, read, t, append([]string{"lovhjemler", h.ID}, different(read.Lovhjemler[i], h)...))
}

func basis(of []katalog.Hjemmel, id string) int {
	return slices.IndexFunc(of, func(h katalog.Hjemmel) bool { return h.ID == id })
}

// different names the members in which two values of the catalogue differ.
func different(a, b any) []string {
	members := func(v any) map[string]json.RawMessage {
		text, err := json.Marshal(v)
		m := map[string]json.RawMessage{}
		if err == nil {
			_ = json.Unmarshal(text, &m) // what Marshal wrote
		}
		return m
	}
	was, is := members(a), members(b)
	var names []string
	for name, v := range is {
		if string(was[name]) != string(v) {
			names = append(names, name)
		}
	}
	for name := range was {
		if _, ok := is[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
