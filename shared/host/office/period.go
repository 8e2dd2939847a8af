package office

import (
	"strconv"
	"time"

	"hjemmel/shared/api"
	"hjemmel/shared/fault"
)

// How far back the log is read: in days.
const (
	DefaultDays = 90
	maxDays     = 400
)

var errDays = fault.New(fault.Invalid, "UGYLDIG_PERIODE", "Antall dager må være fra 1 til 400.")

// Period is the days of the log that are looked at, the last of them now.
type Period struct {
	Dager int       `json:"dager"`
	Fra   time.Time `json:"fra"`
	Til   time.Time `json:"til"`
}

// Last gives the period of the last days.
func (o *Office) Last(days int) (Period, error) {
	if days < 1 || days > maxDays {
		return Period{}, errDays
	}
	to := o.Now().UTC().Truncate(time.Second).Add(time.Second) // this second too
	return Period{days, to.AddDate(0, 0, -days), to}, nil
}

// Period reads the query parameter dager.
func (o *Office) Period(a *Errand) (Period, error) {
	q, err := api.ReadQuery(a.Request, "dager")
	if err != nil {
		return Period{}, err
	}
	if !q.Has("dager") {
		return o.Last(DefaultDays)
	}
	days, err := strconv.Atoi(q.Get("dager"))
	if err != nil {
		return Period{}, errDays
	}
	return o.Last(days)
}
