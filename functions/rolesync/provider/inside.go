package provider

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"hjemmel/shared/host"
	"hjemmel/shared/roles/synced"
)

// Inside makes the changes of sources that we read ourselves, by the same rules and with the same entries as those
// that sources send.
type Inside struct{ p *provider }

// NewInside opens what it needs.
func NewInside(e *host.Env) (Inside, error) {
	p, err := open(e)
	return Inside{p}, err
}

// Do makes one change of a source: the method and the path below the source's address, as SCIM has them. id is of
// what was created, and wrote whether anything was changed. [Inside.Refused] tells what was wrong to ask for from what may do later.
func (i Inside) Do(ctx context.Context, source synced.Source, told time.Time, method, at string, body map[string]any) (id string, wrote bool, err error) {
	r, err := http.NewRequestWithContext(ctx, method, path+source.ID+at, http.NoBody)
	if err != nil {
		return "", false, err
	}
	c := &call{Request: r, source: source, base: path + source.ID, received: told}
	do, err := i.p.operated(c, method, at, "inside", nil)
	if err != nil {
		return "", false, err
	}
	if c.body, err = json.Marshal(body); err != nil {
		return "", false, err
	}
	out, err := do(c)
	return out.location[strings.LastIndexByte(out.location, '/')+1:], c.wrote, err
}

// Refused reports whether the rules of SCIM refuse what was asked for; anything else may do better later.
func (i Inside) Refused(err error) bool {
	return err != nil && i.p.failed(&call{}, err).status < http.StatusInternalServerError
}
