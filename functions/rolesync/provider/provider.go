// Package provider is the SCIM 2.0 service provider (RFC 7644) that an organisation's identity system writes its
// users and groups to, one for each source.
//
// It refuses, alike and telling nothing, every token that is not one of the source's, and makes no change whose
// entry is not written in the same commit. What goes wrong is answered as the RFC says, and nothing is half-written.
package provider

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"hjemmel/functions/rolesync/scim"
	"hjemmel/functions/rolesync/scim/discovery"
	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/roles/synced"
)

// provider answers for all sources.
type provider struct {
	synced  *synced.Book
	changes *host.Changes
	numbers api.Numbers
	now     func() time.Time
	log     func(msg string, args ...any)
	refusals
}

// Base is where the source with the id is reached, below the address that the request came to.
func Base(r *http.Request, kildeID string) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + host.Asked(r) + path + kildeID
}

const path = "/brukersynkronisering/scim/v2/"

// open opens the parts that changes need.
func open(e *host.Env) (*provider, error) {
	book, err := e.Roles()
	if err != nil {
		return nil, err
	}
	changes, err := e.Changes()
	if err != nil {
		return nil, err
	}
	return &provider{book.Synced(), changes, e.Numbers(), e.Now, e.Log.Warn, refusals{told: map[string]time.Time{}}}, nil
}

// Routes are the operations of SCIM.
func Routes(e *host.Env) ([]host.Route, error) {
	p, err := open(e)
	if err != nil {
		return nil, err
	}
	const root = path + "{kildeId}"
	var routes []host.Route
	for _, r := range []struct {
		pattern string
		do      func(*call) (reply, error)
	}{
		{"GET " + root + "/ServiceProviderConfig", p.config},
		{"GET " + root + "/Schemas", told(discovery.Schemas)},
		{"GET " + root + "/Schemas/{id}", told(discovery.Schemas)},
		{"GET " + root + "/ResourceTypes", told(discovery.Types)},
		{"GET " + root + "/ResourceTypes/{id}", told(discovery.Types)},
		{"GET " + root + "/Users", p.list(p.users())},
		{"GET " + root + "/Groups", p.list(p.groups())},
		{"POST " + root + "/.search", p.search(p.users(), p.groups())},
		{"POST " + root + "/Users/.search", p.search(p.users())},
		{"POST " + root + "/Groups/.search", p.search(p.groups())},
		{"GET " + root + "/Users/{id}", p.get(p.users())},
		{"GET " + root + "/Groups/{id}", p.get(p.groups())},
		{"POST " + root + "/Users", p.createUser},
		{"POST " + root + "/Groups", p.createGroup},
		{"PUT " + root + "/Users/{id}", p.putUser},
		{"PUT " + root + "/Groups/{id}", p.putGroup},
		{"PATCH " + root + "/Users/{id}", p.patchUser},
		{"PATCH " + root + "/Groups/{id}", p.patchGroup},
		{"DELETE " + root + "/Users/{id}", p.deleteUser},
		{"DELETE " + root + "/Groups/{id}", p.deleteGroup},
		{"POST " + root + "/Bulk", p.bulk},
	} {
		routes = append(routes, host.Route{Pattern: r.pattern, Handle: p.by(r.do)})
	}
	return routes, nil
}

// call is one request of a source, or one operation of its Bulk.
type call struct {
	*http.Request
	source    synced.Source
	id        string // of the resource
	match     string // If-Match
	none      string // If-None-Match
	body      []byte
	base      string
	requestID string
	received  time.Time
	wrote     bool // whether anything was changed
}

// reply is what a source gets.
type reply struct {
	status   int
	body     any // nil for none
	etag     string
	location string
}

func (p *provider) by(do func(*call) (reply, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c := &call{Request: r, id: strings.ToLower(r.PathValue("id")), match: r.Header.Get("If-Match"), none: r.Header.Get("If-None-Match"),
			base: Base(r, r.PathValue("kildeId")), requestID: w.Header().Get(host.RequestIDHeader), received: p.now()}
		out, err := p.answer(c, do)
		if err != nil {
			out = p.failed(c, err)
			p.refused(c, out.status)
		}
		return out.write(w)
	}
}

func (p *provider) answer(c *call, do func(*call) (reply, error)) (reply, error) {
	token, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return reply{}, scim.ErrToken
	}
	var err error
	if c.source, ok, err = p.synced.Authenticate(c.Context(), c.PathValue("kildeId"), token, p.now()); err != nil {
		return reply{}, err
	}
	if !ok {
		return reply{}, scim.ErrToken
	}
	if c.body, err = io.ReadAll(http.MaxBytesReader(nil, c.Body, api.MaxBody)); errors.As(err, new(*http.MaxBytesError)) {
		return reply{}, scim.ErrTooLarge
	} else if err != nil {
		return reply{}, scim.ErrSyntax
	}
	return do(c)
}

// failed gives an error as the RFC has it.
func (p *provider) failed(c *call, err error) reply {
	e, ok := errors.AsType[*scim.Error](err)
	switch f := fault.Of(err); {
	case ok:
	case errors.Is(err, synced.ErrTaken):
		e = scim.ErrTaken
	case errors.Is(err, synced.ErrMember):
		e = scim.ErrNested
	case errors.Is(err, synced.ErrMany):
		e = scim.ErrTooMany
	case f.Kind == fault.Unavailable || f.Kind == fault.Conflict:
		e = scim.ErrBusy
	default:
		e = &scim.Error{Status: http.StatusInternalServerError, Detail: "Noe gikk galt hos oss."}
	}
	if e.Status >= http.StatusInternalServerError {
		p.log("scim", "requestId", c.requestID, "cause", err.Error())
	}
	return reply{status: e.Status, body: e.Body()}
}

func (o reply) write(w http.ResponseWriter) error {
	h := w.Header()
	if o.etag != "" {
		h.Set("ETag", o.etag)
	}
	if o.location != "" {
		h.Set("Location", o.location)
	}
	if o.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if o.body == nil {
		w.WriteHeader(o.status)
		return nil
	}
	b, err := json.Marshal(o.body, json.Deterministic(true))
	if err != nil {
		return err
	}
	h.Set("Content-Type", scim.MediaType)
	w.WriteHeader(o.status)
	_, err = w.Write(b)
	return err
}

// change makes one change together with its entry, worked out anew where somebody else was faster.
func (p *provider) change(c *call, handling string, work func() (change, error)) (reply, error) {
	var out change
	_, err := p.changes.Make(c.Request, "", nil, func() (host.Plan, error) {
		var err error
		if out, err = work(); err != nil || out.plan.Ops == nil {
			return host.Plan{}, err
		}
		out.plan.Entry = audit.Entry{FiksOrgID: c.source.FiksOrgID, Aktor: c.source.ID, Handling: handling, Gjelder: out.gjelder, Endret: out.endret, RequestID: c.requestID}
		return out.plan, nil
	})
	c.wrote = err == nil && out.plan.Ops != nil
	return out.reply, err
}

// change is a change worked out.
type change struct {
	plan    host.Plan
	gjelder string   // the actor that it is about
	endret  []string // names of what is changed
	reply   reply
}

// current holds If-Match against a version.
func (c *call) current(version int) error {
	if c.match == "" || c.match == "*" {
		return nil
	}
	for tag := range strings.SplitSeq(c.match, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == strconv.Quote(strconv.Itoa(version)) {
			return nil
		}
	}
	return scim.ErrVersion
}

// etag is a version as it stands in headers.
func etag(version int) string { return `W/"` + strconv.Itoa(version) + `"` }

// meta is what we say of a resource.
func (c *call) meta(of *scim.Type, id string, created, changed time.Time, version int) map[string]any {
	return map[string]any{
		"resourceType": of.Name, "created": created.Format(time.RFC3339Nano), "lastModified": changed.Format(time.RFC3339Nano),
		"location": c.base + of.Endpoint + "/" + id, "version": etag(version),
	}
}
