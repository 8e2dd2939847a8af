package rolebook

import (
	"encoding/json"
	"hjemmel/shared/host/office"
	"net/http"

	"hjemmel/functions/admin/whatif"
	"hjemmel/functions/admin/wire"
	"hjemmel/shared/api"
	"hjemmel/shared/disclosure/specimen"
	"hjemmel/shared/host"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// trial is what trying a draft answers.
type trial struct {
	office.Period
	Basis int `json:"basis"`
	whatif.Report
	Endringer []wire.Difference `json:"endringer"`
	Eksempel  *shownSpecimen    `json:"eksempel,omitempty"`
}

// shownSpecimen is an example as two versions of a role show it; null where it shows nothing.
type shownSpecimen struct {
	specimen.Specimen
	Gjeldende json.RawMessage `json:"gjeldende"`
	Utkast    json.RawMessage `json:"utkast"`
}

// try tells what the draft would have done in the last days in place of the version in force, and shows
// both on an example. What it read of the log is written down.
func (a *book) try(c *office.Errand) (host.Reply, error) {
	var ask struct {
		Dager          int    `json:"dager"`
		Eksempelperson string `json:"eksempelperson"`
		Bekreftet      bool   `json:"bekreftet"`
	}
	var err error
	if c.Body, err = api.ReadBody(c.Request, &ask); err != nil {
		return host.Reply{}, err
	}
	if ask.Dager == 0 {
		ask.Dager = office.DefaultDays
	}
	out := trial{}
	if out.Period, err = a.Last(ask.Dager); err != nil {
		return host.Reply{}, err
	}
	d, err := a.draft(c)
	if err != nil {
		return host.Reply{}, err
	}
	if err := host.Matches(c.Request, d.ETag()); err != nil {
		return host.Reply{}, err
	}
	out.Basis, out.Endringer = d.Basis, wire.NewDifferences(c.Role.Role, d.Rolle).Endringer
	live, draft := policy.Compile(c.Katalog, c.Role.Role), policy.Compile(c.Katalog, d.Rolle)
	if ask.Eksempelperson != "" {
		if out.Eksempel, err = a.show(ask.Eksempelperson, ask.Bekreftet, live, draft); err != nil {
			return host.Reply{}, err
		}
	}
	recording, err := a.record(c, out.Period)
	if err != nil {
		return host.Reply{}, err
	}
	terms, err := a.terms(c)
	if err != nil {
		return host.Reply{}, err
	}
	out.Report = recording.Compare(terms, live, draft)
	reply, err := host.ReplyJSON(http.StatusOK, d.ETag(), out)
	return a.Told(c, reply, err)
}

func (a *book) show(kode string, opened bool, live, draft *policy.Profile) (*shownSpecimen, error) {
	s, err := specimen.Find(kode)
	if err != nil {
		return nil, err
	}
	out := shownSpecimen{Specimen: s}
	if out.Gjeldende, err = s.Show(live, a.Now(), opened); err != nil {
		return nil, err
	}
	out.Utkast, err = s.Show(draft, a.Now(), opened)
	return &out, err
}

// record reads what was asked in the role.
func (a *book) record(c *office.Errand, p office.Period) (*whatif.Recording, error) {
	r := whatif.NewRecording(c.Role.ID)
	return r, a.Log.Read(c.Context(), c.Org, p.Fra, p.Til, r.Add)
}

// terms are what holds beside the role. Actors and versions are read once each, when they are met.
func (a *book) terms(c *office.Errand) (whatif.Terms, error) {
	org, _, err := a.Roles.Organisation(c.Context(), c.Org)
	if err != nil {
		return whatif.Terms{}, err
	}
	versions, err := a.Roles.Versions(c.Context(), c.Role.ID)
	if err != nil {
		return whatif.Terms{}, err
	}
	kommuner := map[int][]string{}
	for _, v := range versions {
		kommuner[v.Versjon] = v.Kommuner
	}
	employees := map[string]bool{}
	return whatif.Terms{
		At: a.Now(), KanOverstyre: org.HabilitetOverstyring,
		Kommuner: func(versjon int) []string { return kommuner[versjon] },
		Ansatt: func(aktorID string) bool {
			known, ok := employees[aktorID]
			if !ok {
				sort, _, _, err := a.Roles.Aktor(c.Context(), c.Org, aktorID)
				if err != nil || sort == "" {
					sort = roles.TypeOf(aktorID)
				}
				known = sort != roles.IntegrasjonType
				employees[aktorID] = known
			}
			return known
		},
	}, nil
}

// specimens lists the examples that a draft can be shown on.
func (a *book) specimens(*office.Errand) (host.Reply, error) {
	return host.ReplyJSON(http.StatusOK, "", struct {
		Eksempelpersoner []specimen.Specimen `json:"eksempelpersoner"`
	}{specimen.All()})
}

// usage is what a role was used for.
type usage struct {
	office.Period
	Avspilt      whatif.Count   `json:"avspilt"`
	Opplysninger []whatif.Usage `json:"opplysninger"`
	// Forslag is a change to a tighter draft; null where everything is needed.
	Forslag *proposal `json:"forslag"`
}

// proposal is a tighter role, to be sent as a draft as it is.
type proposal struct {
	Opplysninger []string `json:"opplysninger"`
	Fjernes      []string `json:"fjernes"`
}

// used tells what of the role was asked for and told, and what it could do without.
func (a *book) used(c *office.Errand) (host.Reply, error) {
	p, err := a.Period(c)
	if err != nil {
		return host.Reply{}, err
	}
	recording, err := a.record(c, p)
	if err != nil {
		return host.Reply{}, err
	}
	profile := policy.Compile(c.Katalog, c.Role.Role).At(a.Now())
	uses := recording.Uses(profile)
	out := usage{Period: p, Avspilt: recording.Played(), Opplysninger: uses.Usage()}
	if keep := uses.Tighten(); out.Avspilt.Forespoersler > 0 && len(keep) < len(c.Role.Opplysninger) {
		out.Forslag = &proposal{wire.List(keep), wire.Without(c.Role.Opplysninger, keep)}
	}
	reply, err := host.ReplyJSON(http.StatusOK, wire.ETag(c.Role), out)
	return a.Told(c, reply, err)
}
