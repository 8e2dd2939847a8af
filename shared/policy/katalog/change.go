package katalog

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// InForce reports whether the basis is in force at a time.
func (h *Hjemmel) InForce(at time.Time) bool { return within(h.GyldigFra, h.GyldigTil, at) }

// InForce reports whether roles in the area can be used at a time.
func (t *Tjenesteomraade) InForce(at time.Time) bool {
	return t.Gyldig && within(t.GyldigFra, t.GyldigTil, at)
}

func within(from, to, at time.Time) bool {
	return (from.IsZero() || !at.Before(from)) && (to.IsZero() || at.Before(to))
}

// With gives the catalogue with the areas in place of those with their codes, or beside the others.
// It errs as New does.
func (k *Katalog) With(areas ...*Tjenesteomraade) (*Katalog, error) {
	all := slices.Clone(k.Tjenesteomraader)
	for _, a := range areas {
		i := slices.IndexFunc(all, func(o *Tjenesteomraade) bool { return o.Kode == a.Kode })
		if i < 0 {
			all = append(all, a)
		} else {
			all[i] = a
		}
	}
	return New(all, k.Opplysninger)
}

// Words that the catalogue knows.
var (
	artKinds  = []string{"UTLEVERING", "HJEMMEL_TAUSHETSBELAGT", "HJEMMEL_SKATT", "HJEMMEL_KONTAKTREGISTER", "BEHANDLING", "OPPGAVE", "FREMTIDIG", "UTGAATT", "GJELDER_IKKE_KOMMUNEN"}
	certainty = []string{"kilde", "maa-kvalitetssikres"}
	areaCode  = regexp.MustCompile(`^[A-Z][A-Z_]{1,62}[A-Z]$`)
	basisID   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,98}[a-z0-9]$`)
)

// Problems names the fields of an area that cannot be; which opplysninger there are, New checks.
func (t *Tjenesteomraade) Problems() []string {
	p := problems{}
	p.unless("kode", areaCode.MatchString(t.Kode))
	p.unless("navn", t.Navn.complete())
	p.unless("rettighetspakke", t.Rettighetspakke == MedHjemmel || t.Rettighetspakke == UtenHjemmel)
	p.unless("gradertAdresse", t.GradertAdresse == "MASKERES" || t.GradertAdresse == "KAN_AAPNES_MED_BEGRUNNELSE")
	p.unless("bruksomraader", !slices.ContainsFunc(t.Bruksomraader, func(b Bruk) bool {
		return b != Soek && b != Innbyggerliste && b != BrukerHendelser
	}))
	p.unless("gyldigTil", ordered(t.GyldigFra, t.GyldigTil))
	seen := map[string]bool{}
	for i := range t.Lovhjemler {
		h := &t.Lovhjemler[i]
		p.unless("lovhjemler.id", !seen[h.ID])
		seen[h.ID] = true
		for _, field := range h.Problems() {
			p.unless("lovhjemler."+field, false)
		}
	}
	return p
}

// Problems names the fields of a legal basis that cannot be.
func (h *Hjemmel) Problems() []string {
	p := problems{}
	p.unless("id", basisID.MatchString(h.ID))
	p.unless("lov", h.Lov != "" && len(h.Lov) <= 400)
	p.unless("paragraf", len(h.Paragraf) <= 100)
	p.unless("lovdataLenke", strings.HasPrefix(h.LovdataLenke, "https://lovdata.no/") && len(h.LovdataLenke) <= 400)
	p.unless("art", slices.Contains(artKinds, h.Art))
	p.unless("sikkerhet", slices.Contains(certainty, h.Sikkerhet))
	p.unless("gyldigTil", ordered(h.GyldigFra, h.GyldigTil))
	return p
}

// complete reports whether the text is there in every language.
func (t Text) complete() bool { return t.Nb != "" && t.Nn != "" && t.En != "" }

func ordered(from, to time.Time) bool { return to.IsZero() || from.Before(to) }

type problems []string

func (p *problems) unless(field string, ok bool) {
	if !ok && !slices.Contains(*p, field) {
		*p = append(*p, field)
	}
}
