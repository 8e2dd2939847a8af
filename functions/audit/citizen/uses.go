package citizen

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/find"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
)

// use (bruk) is once that information about the citizen left.
type use struct {
	Tid          time.Time `json:"tid"` // UTC
	Organisasjon string    `json:"organisasjon"`
	Orgnr        string    `json:"orgnr"`
	// Ansatt is the pseudonym of who it was; without it nobody in particular.
	Ansatt string `json:"ansatt,omitempty"`
	Hva    string `json:"hva"`
	// Formaal is what it was for, as the law divides the organisation's tasks; never a case.
	Formaal      string   `json:"formaal,omitempty"`
	Hjemler      []string `json:"hjemler"`
	Opplysninger []string `json:"opplysninger"` // kinds, never values
	Liste        bool     `json:"liste"`        // on a list with others

	org, id string
}

// words say what was done. What has no words here is not told: it gave nothing of the register.
var words = map[string]string{
	string(policy.Oppslag):            "Oppslag på deg",
	string(policy.Bulkoppslag):        "Oppslag på deg og andre samtidig",
	string(policy.SoekTreff):          "Søk som fant deg",
	string(policy.EntydigSoek):        "Søk som fant deg",
	string(policy.Personsoek):         "Søk som fant deg",
	string(policy.Oppvekst):           "Oppslag på et barn og dem som har ansvaret",
	string(policy.OppvekstAnsvarlig):  "Oppslag på et barn og dem som har ansvaret",
	string(policy.Innbyggerliste):     "Du var med på en liste",
	string(policy.InnbyggerlisteSoek): "Du var med på en liste",
	"loggsoek":                        "Kontroll av loggen om deg",
	"loggeksport":                     "Kontroll av loggen om deg",
}

var onList = []string{string(policy.Innbyggerliste), string(policy.InnbyggerlisteSoek)}

// Bounds of one answer: how many entries are read in an organisation, and how many organisations at once.
const (
	budget = 5000
	atOnce = 8
)

var errTooMuch = fault.New(fault.Invalid, "LOGG_FOR_STOR_PERIODE", "Loggen har for mange innslag i perioden. Velg en kortere periode.")

// uses gives all that may be told of a person in a period, newest first, of every organisation.
func (d *door) uses(ctx context.Context, id person.ID, fra, til time.Time) ([]use, error) {
	orgs, err := d.Roles.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	k, err := d.Roles.Catalogue().Current(ctx)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var all []use
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, org := range orgs {
		g.Go(func() error {
			some, err := d.of(ctx, k, org, find.Query{FiksOrgID: org.FiksOrgID, Person: id, Fra: fra, Til: til})
			mu.Lock()
			defer mu.Unlock()
			all = append(all, some...)
			return err
		})
	}
	err = g.Wait()
	slices.SortFunc(all, func(a, b use) int { return cmp.Or(b.Tid.Compare(a.Tid), cmp.Compare(b.id, a.id)) })
	return all, err
}

// of gives what may be told of a person in one organisation.
func (d *door) of(ctx context.Context, k *katalog.Katalog, org roles.Organisation, q find.Query) (some []use, err error) {
	rule, err := d.rules.Rule(ctx, org.FiksOrgID)
	if err != nil {
		return nil, err
	}
	key, err := d.keys.Organisation(org.FiksOrgID)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	next, err := d.log.Newest(ctx, q, budget, func(e audit.Entry, _ audit.Record) (bool, error) {
		if words[e.Handling] != "" && e.Utfall == audit.Utlevert && rule.Shows(e, now) {
			u := said(k, e)
			u.Organisasjon, u.Orgnr, u.Ansatt = org.Navn, org.Orgnr, key.Actor(q.Person, e.Aktor)
			some = append(some, u)
		}
		return true, nil
	})
	if err == nil && next != "" {
		err = errTooMuch
	}
	return some, err
}

// said puts an entry into words that a citizen reads.
func said(k *katalog.Katalog, e audit.Entry) use {
	u := use{
		Tid: e.Tid, Hva: words[e.Handling], Hjemler: []string{}, Opplysninger: kinds(k, e.Levert),
		Liste: slices.Contains(onList, e.Handling), org: e.FiksOrgID, id: e.ID(),
	}
	area, ok := k.Area(e.Tjenesteomraade)
	if !ok {
		return u
	}
	u.Formaal = area.Navn.Nb
	for _, id := range e.Hjemler {
		if i := slices.IndexFunc(area.Lovhjemler, func(h katalog.Hjemmel) bool { return h.ID == id }); i >= 0 {
			id = area.Lovhjemler[i].Lov + " " + area.Lovhjemler[i].Paragraf
		}
		u.Hjemler = append(u.Hjemler, id)
	}
	return u
}

// kinds names elements, the whole where a part of it left, each once.
func kinds(k *katalog.Katalog, codes []string) []string {
	names := []string{}
	for _, code := range codes {
		o, ok := k.Element(code)
		for ok && o.Overordnet != "" {
			over, found := k.Element(o.Overordnet)
			if !found {
				break
			}
			o = over
		}
		if ok {
			names = append(names, o.Navn.Nb)
		} else {
			names = append(names, "Annet")
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
