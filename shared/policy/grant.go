package policy

import (
	"slices"
	"strings"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// Grant is a permission to ask the register and to let the masked answer leave. Only [Decide] makes
// one that allows anything: the zero Grant names no package, no part and no mask.
type Grant struct {
	profile    *Profile
	action     Action
	subjects   []person.ID
	properties Properties
	historikk  bool
	reveal     bool
	byAddress  bool
	byFormer   bool
	asker      person.ID
	overridden bool
	widened    bool
	judging    []string // parts of a grant that only fetches for judgement
	orgnr      string
	parametre  []string // that were asked by
	kommuner   []string // that a list is for
}

// adresseparametre are the search parameters whose hits tell where somebody lives.
var adresseparametre = []string{"adressenavn", "husnummer", "postnummer", "kommunenummer", "fylkesnummer", "inkluderOppholdsadresse", bruksenhet}

// Elements that are fetched for judgement even where the role may not see them.
const (
	gradert = "adressebeskyttelse"
	bosted  = "bostedsadresse"
	slekt   = "familierelasjon"
	ansvar  = "foreldreansvar"
)

func (q question) grant() Grant {
	profile := q.Profil
	if q.Action.Ordered() {
		profile = profile.columns(q.Parts)
	}
	return Grant{
		profile:    profile,
		parametre:  q.Parametre,
		kommuner:   q.Ask.Kommuner,
		action:     q.Action,
		subjects:   q.Subjects,
		properties: q.asked.properties,
		historikk:  q.asked.historikk,
		reveal:     q.Bekreftelse != "",
		byAddress:  q.locates(),
		byFormer:   q.Action.Searching() && slices.Contains(q.Parametre, "opplysningsgrunnlag"),
		asker:      q.Person,
		overridden: q.Overstyring != "",
		widened:    q.widened(),
		orgnr:      q.Orgnr,
	}
}

// IsZero reports whether the grant allows nothing.
func (g Grant) IsZero() bool { return g.profile == nil }

// Pakke is the rettighetspakke to ask; "" for the zero Grant.
func (g Grant) Pakke() katalog.Pakke {
	if g.IsZero() {
		return ""
	}
	if g.judging != nil {
		return katalog.MedHjemmel
	}
	return g.profile.Area.Rettighetspakke
}

// Orgnr is the organisation on whose behalf the register is asked.
func (g Grant) Orgnr() string { return g.orgnr }

// Action is the action that was granted.
func (g Grant) Action() Action { return g.action }

// Subjects are the persons that the grant is about; none for a search.
func (g Grant) Subjects() []person.ID { return g.subjects }

// Covers reports whether the grant is about the person. Grants for a search cover whom it finds, those
// for a list the chunk that they are about.
func (g Grant) Covers(id person.ID) bool {
	return !g.IsZero() && (g.action.Searching() && !g.action.Ordered() || slices.Contains(g.subjects, id))
}

// Orders reports whether the grant is for ordering an uttrekk by the criteria in the kommune; "" for
// none.
func (g Grant) Orders(criteria []string, kommune string) bool {
	granted := func(c string) bool { return slices.Contains(g.parametre, c) }
	return g.Reads() && len(criteria) > 0 && slices.Contains(g.kommuner, kommune) &&
		!slices.ContainsFunc(criteria, func(c string) bool { return !granted(c) })
}

// Reads reports whether the grant is for reading the numbers that an uttrekk gives.
func (g Grant) Reads() bool {
	return !g.IsZero() && g.action == Innbyggerliste && !numbered(g.action, g.parametre) && g.judging == nil && len(g.subjects) == 0
}

// Parts are the values of part to send to the register: the properties asked for, and the few that
// the conditions need. Empty for the zero Grant, which must not be sent.
func (g Grant) Parts() []string {
	if g.IsZero() || g.judging != nil {
		return g.judging
	}
	parts := make([]string, 0, len(person.Model.Fields)+1)
	for _, f := range person.Model.Fields {
		if m := g.Mask(f.Name); m != nil || g.judgesBy(f.Name) {
			parts = append(parts, g.profile.k.At(f.Name).Part)
		}
	}
	if g.historikk || (g.byAddress && g.byFormer) { // a hit on a former address is judged by it
		parts = append(parts, katalog.Historikk)
	}
	return parts
}

// judgesBy reports whether a condition of the grant looks at the property.
func (g Grant) judgesBy(property string) bool {
	switch property {
	case gradert:
		return true
	case bosted:
		return len(g.Kommuner()) > 0 || g.byAddress || g.JudgesHabilitet()
	case "oppholdsadresse", "deltBosted", "postadresse":
		return g.byAddress
	case slekt, ansvar:
		return g.JudgesRelatives()
	}
	return false
}

// Mask is what may leave of a property, or nil.
func (g Grant) Mask(property string) *Mask {
	if g.IsZero() {
		return nil
	}
	m := g.profile.properties[property]
	if m == nil || !g.properties.Has(m.Index) {
		return nil
	}
	return m
}

// ShowsFormer reports whether former values of the masked property may leave.
func (g Grant) ShowsFormer(m *Mask) bool { return g.historikk && g.profile.history.Has(m.Index) }

// Reveals reports whether the caller has confirmed, with a reason and a role that may, to see graded
// addresses. Strengt fortrolig is never revealed.
func (g Grant) Reveals() bool { return g.reveal }

// ByAddress reports whether persons are sought by where they live. A graded person must not be found
// so.
func (g Grant) ByAddress() bool { return g.byAddress }

// JudgesPersons reports whether a condition looks at each person found, so that a search must not tell
// of a hit before it has looked.
func (g Grant) JudgesPersons() bool {
	return g.JudgesHabilitet() || g.ByAddress() || len(g.Kommuner()) > 0
}

// Widened reports whether the grant stands on a nødtilgang.
func (g Grant) Widened() bool { return g.widened }

// Kommuner are the kommunenummer where the person must be resident: those of the list, or else of the
// role; empty for anywhere.
func (g Grant) Kommuner() []string {
	if g.IsZero() || g.widened {
		return nil
	}
	if g.resident() {
		return g.kommuner
	}
	return g.profile.Role.Kommuner
}

// JudgesRelatives reports whether the grading of the person's close family, and of those whom
// foreldreansvar joins to them, must be known: where addresses may leave and the package tells who they
// are. A relative's address is often the protected person's own, and a foster parent's the foster child's.
func (g Grant) JudgesRelatives() bool {
	if g.Pakke() != katalog.MedHjemmel || g.judging != nil {
		return false
	}
	if g.byAddress {
		return true
	}
	for name, guard := range guards {
		property, _, _ := strings.Cut(name, ".")
		if (guard == Adresse || guard == Sted) && g.Mask(property) != nil {
			return true
		}
	}
	return false
}

// Asker is the employee who asks, or nobody. Their own record is withheld under any of its numbers.
func (g Grant) Asker() person.ID { return g.asker }

// Codes are the opplysninger that masks of this grant point into by index.
func (g Grant) Codes() []string {
	if g.IsZero() {
		return nil
	}
	return g.profile.Codes
}

// Asked lists the properties asked for, with historikk last; for the audit entry.
func (g Grant) Asked() []string {
	var asked []string
	for _, f := range person.Model.Fields {
		if g.Mask(f.Name) != nil {
			asked = append(asked, f.Name)
		}
	}
	if g.historikk {
		asked = append(asked, katalog.Historikk)
	}
	return asked
}

// Opens lists the opplysninger that may leave of a document that has everything, in the order of Codes,
// with historikk last. What the conditions of the grant withhold of somebody is among them.
func (g Grant) Opens() []string {
	open, former := map[int]bool{}, false
	for _, f := range person.Model.Fields {
		if m := g.Mask(f.Name); m != nil {
			m.opens(open)
			former = former || g.ShowsFormer(m)
		}
	}
	var codes []string
	for i, kode := range g.Codes() {
		if open[i] {
			codes = append(codes, kode)
		}
	}
	if former {
		codes = append(codes, katalog.Historikk)
	}
	return codes
}

func (m *Mask) opens(codes map[int]bool) {
	for _, code := range []int{m.Code, m.HiddenCode} {
		if code >= 0 {
			codes[code] = true
		}
	}
	for _, f := range m.Fields {
		f.opens(codes)
	}
}
