package citizen

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/host/office"
)

// maxUsages is how many usages an answer has, by the protocol.
const maxUsages = 1000

// usage is a use in the protocol's form, which knows neither pseudonyms nor kinds.
type usage struct {
	Logtime        time.Time `json:"logtime"`
	Action         string    `json:"action"`
	ReceiverCode   string    `json:"receiverCode"`
	ReceiverName   string    `json:"receiverName"`
	ReceiverSystem string    `json:"receiverSystem"`
}

// usages is an answer of findUsage.
type usages struct {
	TotalUsages int     `json:"totalUsages"`
	Usages      []usage `json:"usages"`
}

var errOther = fault.New(fault.Denied, "INNSYN_BARE_EGET", "userCode og X-Road-UserId må være samme person. Innsyn på vegne av andre gis ikke her.")

// userHeader is who logged in at the portal (X-Road Message Protocol for REST 1.0, 4.3).
const userHeader = "X-Road-UserId"

// usage answers findUsage. Representation is refused: nothing here could tell whether it holds.
func (d *door) usage(w http.ResponseWriter, r *http.Request) error {
	requestID := w.Header().Get(host.RequestIDHeader)
	q, err := api.ReadQuery(r, "userCode", "periodStart", "periodEnd", "offset", "limit")
	if err != nil {
		return d.refused(w, r, requestID, err)
	}
	id, err := d.numbers.Parse(code(q.Get("userCode")))
	if err == nil && (len(r.Header.Values(userHeader)) != 1 || code(r.Header.Get(userHeader)) != code(q.Get("userCode"))) {
		err = errOther
	}
	if err != nil {
		return d.refused(w, r, requestID, err)
	}
	now := d.Now()
	p := page{since(now), now.Add(time.Second), 0, maxUsages}
	wrong := p.times(q, "periodStart", "periodEnd", moment)
	for name, to := range map[string]*int{"offset": &p.skip, "limit": &p.size} {
		if !q.Has(name) {
			continue
		}
		if *to, err = strconv.Atoi(q.Get(name)); err != nil || *to < 0 {
			wrong = append(wrong, name)
		}
	}
	p.size = min(p.size, maxUsages)
	if slices.Sort(wrong); len(wrong) > 0 {
		return d.refused(w, r, requestID, office.ErrField.About(wrong...))
	}
	all, err := d.uses(r.Context(), id, p.fra, p.til)
	if err != nil {
		return d.refused(w, r, requestID, err)
	}
	out := usages{len(all), []usage{}}
	some, _ := p.of(all)
	for _, u := range some {
		action := u.Hva
		if u.Formaal != "" {
			action += ": " + u.Formaal
		}
		out.Usages = append(out.Usages, usage{u.Tid, action, u.Orgnr, u.Organisasjon, "Hjemmel"})
	}
	return d.told(w, r, requestID, id, all, out)
}

// code is an identity number without the country that X-Road sets before it.
func code(s string) string { return strings.TrimPrefix(s, "NO") }

// moment reads a date-time, a date, or seconds since 1970; the protocol's text and its users differ.
func moment(s string) (time.Time, error) {
	if n, err := strconv.ParseInt(s, 10, 40); err == nil {
		return time.Unix(n, 0).UTC(), nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, s)
}

func (d *door) period(w http.ResponseWriter, _ *http.Request) error {
	return api.Write(w, http.StatusOK, map[string]time.Time{"periodStart": since(d.Now().UTC())})
}

// heartbeat says OK where the state can be read.
func (d *door) heartbeat(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Roles.Organisations(r.Context()); err != nil {
		return err
	}
	return api.Write(w, http.StatusOK, map[string]string{"status": "OK"})
}
