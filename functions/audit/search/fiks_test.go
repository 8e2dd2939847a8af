package search_test

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

type fiksAnswer struct {
	AntallTreff int
	Treff       []struct {
		Tidspunkt                                                                                   int64
		Principal, OnBehalfOf, UnderRessurs, FiksOrg, OrgNo, Tjeneste, Handling, Payload, RequestID string
	}
	ForespurtFra, ForespurtAntall int
	Aggregeringer                 struct {
		FiksOrg, Tjeneste, UnderRessurs []struct {
			ID, Visningsnavn string
			Antall           int
			Valgt            bool
		}
	}
}

func (w world) fiks(pairs ...string) fiksAnswer {
	w.t.Helper()
	status, _, b := w.call("GET", "/audit-sok/api/v1/sok?"+query(append(pairs, "fiksOrganisasjon", bergen)...), w.Employee(w.t, "ansatt-05"), nil)
	if status != 200 {
		w.t.Fatalf("%d %s", status, b)
	}
	return read[fiksAnswer](w.t, b)
}

func TestFiksSearch(t *testing.T) {
	w := begin(t)
	w.traffic()
	a := w.fiks("fra", "1", "antall", "2", "sortering", "DATO_ASC", "term", "ansatt-01")
	if a.AntallTreff != 5 || len(a.Treff) != 2 || a.ForespurtFra != 1 || a.ForespurtAntall != 2 || a.Treff[0].Tidspunkt > a.Treff[1].Tidspunkt {
		t.Errorf("%+v", a)
	}
	h := a.Treff[0]
	if h.Principal != "ansatt-01" || h.UnderRessurs != barnevern || h.FiksOrg != bergen || h.OrgNo != "310600016" || h.Tjeneste != "folkeregister" || h.Handling != "oppslag" || h.RequestID == "" || read[hit](t, []byte(h.Payload)).Utfall != "UTLEVERT" {
		t.Errorf("%+v", h)
	}
	if r := a.Aggregeringer.UnderRessurs; !slices.ContainsFunc(r, func(c struct {
		ID, Visningsnavn string
		Antall           int
		Valgt            bool
	}) bool {
		return c.ID == barnevern && c.Antall == 4 && c.Visningsnavn == "Barnevern – saksbehandler"
	}) {
		t.Errorf("%+v", r)
	}
	hour := time.Now().Add(-time.Hour).UnixMilli()
	for name, c := range map[string]struct {
		pairs []string
		n     int
	}{
		"another service":   {[]string{"tjenester", "svarut"}, 0},
		"this and another":  {[]string{"tjenester", "svarut", "tjenester", "folkeregister", "term", "ansatt-01"}, 5},
		"another number":    {[]string{"organisasjonsNummer", "310700010"}, 0},
		"a role":            {[]string{"underRessurser", barnevern}, 4},
		"a request":         {[]string{"requestIder", h.RequestID}, 1},
		"until an hour ago": {[]string{"tilDato", itoa(hour)}, 0},
		"since":             {[]string{"fraDato", itoa(hour), "term", "ANSATT-01"}, 5},
	} {
		if got := w.fiks(c.pairs...); got.AntallTreff != c.n {
			t.Errorf("%s: %d", name, got.AntallTreff)
		}
	}
	if got := w.fiks("fra", "99", "sortering", "RELEVANS"); len(got.Treff) != 0 || got.AntallTreff == 0 {
		t.Errorf("%+v", got)
	}
}

func TestWhatFiksSearchRefuses(t *testing.T) {
	w := begin(t)
	pia := w.Employee(t, "ansatt-05")
	for _, c := range []struct{ q, code string }{
		{"", "UGYLDIG_PARAMETER"}, {query("fiksOrganisasjon", bergen, "fra", "-1"), "UGYLDIG_PARAMETER"},
		{query("fiksOrganisasjon", bergen, "antall", "1001"), "UGYLDIG_PARAMETER"}, {query("fiksOrganisasjon", bergen, "sortering", "NAVN"), "UGYLDIG_PARAMETER"},
		{query("fiksOrganisasjon", bergen, "fraDato", "2026-01-01"), "UGYLDIG_PARAMETER"}, {query("fiksOrganisasjon", bergen, "fnr", "1"), "UKJENT_PARAMETER"},
		{query("fiksOrganisasjon", bergen, "term", w.Demo.Personer["vanlig"]), "UGYLDIG_PARAMETER"},
		{query("fiksOrganisasjon", bergen, "term", "a", "term", "b"), "UGYLDIG_PARAMETER"}, {"fiksOrganisasjon=%zz", "UGYLDIG_PARAMETER"},
	} {
		status, _, b := w.call("GET", "/audit-sok/api/v1/sok?"+c.q, pia, nil)
		if p := read[struct{ ErrorCode string }](t, b); status != 400 || p.ErrorCode != c.code {
			t.Errorf("%s: %d %s", c.q, status, b)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
