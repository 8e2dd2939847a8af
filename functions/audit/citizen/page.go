package citizen

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/host/office"
)

// How many uses a page has.
const (
	defaultPage = 50
	maxPage     = 200
)

// page is a part of what somebody is told. Its end in time stands in the mark, so that what is written meanwhile
// moves nothing.
type page struct {
	fra, til   time.Time
	skip, size int
}

// readPage reads fra, til, antall and markoer.
func readPage(r *http.Request, now time.Time) (p page, err error) {
	q, err := api.ReadQuery(r, "fra", "til", "antall", "markoer")
	if err != nil {
		return p, err
	}
	p = page{since(now), now.Add(time.Second), 0, defaultPage}
	wrong := p.times(q, "fra", "til", func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) })
	if q.Has("antall") {
		if p.size, err = strconv.Atoi(q.Get("antall")); err != nil || p.size < 1 || p.size > maxPage {
			wrong = append(wrong, "antall")
		}
	}
	if slices.Sort(wrong); len(wrong) > 0 {
		return p, office.ErrField.About(wrong...)
	}
	if q.Has("markoer") {
		err = p.from(q.Get("markoer"))
	}
	return p, err
}

// times reads a period, and names what cannot be.
func (p *page) times(q url.Values, fra, til string, parse func(string) (time.Time, error)) (wrong []string) {
	earliest := p.fra
	for name, to := range map[string]*time.Time{fra: &p.fra, til: &p.til} {
		if !q.Has(name) {
			continue
		}
		t, err := parse(q.Get(name))
		if *to = t; err != nil {
			wrong = append(wrong, name)
		}
	}
	if p.fra.Before(earliest) {
		p.fra = earliest
	}
	if len(wrong) == 0 && !p.til.After(p.fra) {
		wrong = append(wrong, til)
	}
	return wrong
}

// from goes on at a mark: {until when, in microseconds}.{how many were told}.
func (p *page) from(mark string) error {
	b, err := base64.RawURLEncoding.DecodeString(mark)
	til, skip, _ := strings.Cut(string(b), ".")
	at, err1 := strconv.ParseInt(til, 10, 64)
	n, err2 := strconv.Atoi(skip)
	if err != nil || err1 != nil || err2 != nil || n < 0 || !time.UnixMicro(at).After(p.fra) || time.UnixMicro(at).After(p.til) {
		return find.ErrMark
	}
	p.til, p.skip = time.UnixMicro(at), n
	return nil
}

// of is the page of all, and where to go on.
func (p page) of(all []use) (some []use, next string) {
	from := min(p.skip, len(all))
	to := min(from+p.size, len(all))
	if to < len(all) {
		next = base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.til.UnixMicro(), 10) + "." + strconv.Itoa(to)))
	}
	return append([]use{}, all[from:to]...), next
}
