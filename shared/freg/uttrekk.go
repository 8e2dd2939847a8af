package freg

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// MaxBatch is the most numbers that a batch of an uttrekk may have. Freg's have 5000.
const MaxBatch = 100_000

// Uttrekk is whom a custom extract is for: Freg's tilpasset uttrekk in Freg's own names and forms. Years
// have four digits; what is empty does not restrict. It lies in one kommune, by bosted or by opphold.
type Uttrekk struct {
	Personstatustyper   []string `json:"personstatustyper"`
	Kommune             Kommune  `json:"kommunenummer"`
	FoedselsaarFraOgMed string   `json:"foedselsaarFraOgMed,omitempty"`
	FoedselsaarTilOgMed string   `json:"foedselsaarTilOgMed,omitempty"`
	DoedsaarFraOgMed    string   `json:"doedsaarFraOgMed,omitempty"`
	DoedsaarTilOgMed    string   `json:"doedsaarTilOgMed,omitempty"`
	Kjoenn              string   `json:"kjoenn,omitempty"`
	Statsborgerskap     string   `json:"statsborgerskap,omitempty"`
	Sivilstandstype     string   `json:"sivilstandstype,omitempty"`
}

// Kommune is where those in an extract live or stay; one of the two.
type Kommune struct {
	Bosted  string `json:"bostedskommunenummer,omitempty"`
	Opphold string `json:"oppholdskommunenummer,omitempty"`
}

// Names lists the criteria by the register's names, sorted.
func (u Uttrekk) Names() []string {
	names := []string{}
	for name, used := range map[string]bool{
		"personstatustyper": len(u.Personstatustyper) > 0, "bostedskommunenummer": u.Kommune.Bosted != "", "oppholdskommunenummer": u.Kommune.Opphold != "",
		"foedselsaarFraOgMed": u.FoedselsaarFraOgMed != "", "foedselsaarTilOgMed": u.FoedselsaarTilOgMed != "",
		"doedsaarFraOgMed": u.DoedsaarFraOgMed != "", "doedsaarTilOgMed": u.DoedsaarTilOgMed != "",
		"kjoenn": u.Kjoenn != "", "statsborgerskap": u.Statsborgerskap != "", "sivilstandstype": u.Sivilstandstype != "",
	} {
		if used {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Numre is what a job gives when it is asked for a batch.
type Numre struct {
	IDs []person.ID
	// Ready is false while the register is not ready with the batch: ask again later.
	Ready bool
	// End is true after the last batch.
	End bool
}

// Gone is told of a job that the register does not know, or no longer: it must be ordered anew.
var Gone = fault.New(fault.Unavailable, "UTTREKK_FINNES_IKKE", "Folkeregisteret har ikke uttrekket lenger. Det må bestilles på nytt.")

// Order orders an uttrekk and gives its job. It is not idempotent: each call that the register takes is a
// job of the organisation's ten, also where its answer is lost on the way and the call tried again. More
// than ten at a time is a fault of kind TooMany.
func (c *Client) Order(ctx context.Context, g policy.Grant, u Uttrekk) (job string, err error) {
	one := (u.Kommune.Bosted == "") != (u.Kommune.Opphold == "")
	if !one || len(u.Personstatustyper) == 0 || !g.Orders(u.Names(), u.Kommune.Bosted+u.Kommune.Opphold) {
		return "", errNotCovered
	}
	body, err := json.Marshal(u)
	if err != nil {
		return "", errNotCovered
	}
	r, err := c.call(ctx, g, question{method: http.MethodPost, resource: "uttrekk/tilpasset", body: body}, parseJob)
	if fault.Is(err, fault.NotFound) { // of an order it says nothing about anybody
		err = because(unavailable, err)
	}
	return r.job, err
}

// Batch reads a batch of a job, from 0. That it is not ready is no error; a job that the register does
// not know is [Gone].
func (c *Client) Batch(ctx context.Context, g policy.Grant, job string, nr int) (Numre, error) {
	if !g.Reads() || !jobForm.MatchString(job) || nr < 0 {
		return Numre{}, errNotCovered
	}
	q := question{method: http.MethodGet, resource: "uttrekk/" + job + "/batch/" + strconv.Itoa(nr)}
	r, err := c.call(ctx, g, q, parseBatch)
	switch {
	case fault.Is(err, fault.NotFound):
		return Numre{}, nil
	case errors.Is(err, errGone):
		return Numre{}, because(Gone, err)
	case err != nil:
		return Numre{}, err
	}
	return Numre{IDs: r.ids, Ready: true, End: len(r.ids) == 0}, nil
}

// jobForm is what a job may be called: it becomes part of a path.
var jobForm = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

func parseJob(body []byte) (reply, error) {
	var a struct {
		Job string `json:"jobbId"`
	}
	if err := json.Unmarshal(body, &a, json.RejectUnknownMembers(true)); err != nil || !jobForm.MatchString(a.Job) {
		return reply{}, errMalformed
	}
	return reply{job: a.Job}, nil
}

// parseBatch reads a batch. The end has no numbers, and nothing else in their place: anything that is
// taken for the end and is not would be a list that is cut in silence.
func parseBatch(body []byte) (reply, error) {
	var a map[string][]string
	if err := json.Unmarshal(body, &a); err != nil || a == nil {
		return reply{}, errMalformed
	}
	numbers := a["foedselsEllerDNummer"]
	if len(a) > 0 && numbers == nil || len(a) > 1 || len(numbers) > MaxBatch {
		return reply{}, errMalformed
	}
	ids, err := parseIDs(numbers)
	return reply{ids: ids}, err
}
