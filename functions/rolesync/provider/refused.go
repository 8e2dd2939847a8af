package provider

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"

	"hjemmel/shared/audit"
)

// refusals bounds entries of refusals: one a minute for each source and status, the sources that are not there as one.
type refusals struct {
	mu   sync.Mutex
	told map[string]time.Time
}

func (r *refusals) due(what string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.told[what]) < time.Minute {
		return false
	}
	r.told[what] = now
	return true
}

// refused writes down that a call was refused, but for what is not there or not as it was: that is how systems sync.
func (p *provider) refused(c *call, status int) {
	if status >= http.StatusInternalServerError || status == http.StatusNotFound || status == http.StatusPreconditionFailed {
		return
	}
	k, _, err := p.synced.Source(c.Context(), c.PathValue("kildeId"))
	e := audit.Entry{FiksOrgID: cmp.Or(k.FiksOrgID, audit.Platform), Aktor: c.source.ID, Handling: "synk-avvist", Gjelder: k.ID, Utfall: audit.Avslag, Feilkode: "SCIM_" + strconv.Itoa(status), RequestID: c.requestID}
	if err == nil && p.due(e.Gjelder+" "+e.Feilkode, p.now()) {
		_, err = p.changes.Note(c.Context(), e)
	}
	if err != nil {
		p.log("scim", "requestId", c.requestID, "cause", err.Error())
	}
}
