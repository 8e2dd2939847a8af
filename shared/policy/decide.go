package policy

import (
	"slices"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/policy/katalog"
)

// RuleID names a rule in decisions, audit entries and administrators' views. Stable.
type RuleID string

// Reason is one rule's refusal.
type Reason struct {
	Rule RuleID
	// Fault is what the caller is told.
	Fault *fault.Error
}

// Decision is the outcome of judgement. The zero Decision is a denial.
type Decision struct {
	grant   Grant
	granted bool
	// Reasons are all the rules that refused, in the order of the rules.
	Reasons []Reason
}

// Denied reports whether the answer is no.
func (d Decision) Denied() bool { return !d.granted }

// Grant is what was granted; the zero Grant, which allows nothing, when denied.
func (d Decision) Grant() Grant { return d.grant }

// Rules lists the ids of the rules that refused.
func (d Decision) Rules() []RuleID {
	ids := make([]RuleID, len(d.Reasons))
	for i, r := range d.Reasons {
		ids[i] = r.Rule
	}
	return ids
}

// Fault is what the caller is told of a denial: the first reason. It never lies with the person asked
// about: such reasons are conditions of the grant.
func (d Decision) Fault() *fault.Error {
	switch {
	case d.granted:
		return nil
	case len(d.Reasons) == 0:
		return Withheld
	}
	return d.Reasons[0].Fault
}

// Withheld is the one answer for every reason that lies with the person asked about, so that it
// tells nothing about them: own record, family, another municipality, or anything later.
var Withheld = fault.New(fault.Denied, "UTLEVERING_IKKE_TILLATT",
	"Opplysninger om denne personen kan ikke utleveres i denne rollen. Personvernombudet i organisasjonen kan se hvorfor.")

// rule looks at one thing and gives a fault, or nil when it has nothing against.
type rule struct {
	id     RuleID
	refuse func(q question) *fault.Error
}

// question is what a rule looks at: who asks what, and what that means in the role.
type question struct {
	Holder
	Ask
	asked asked
}

// rules is all of judgement, in order. Every rule is asked, because reasons must be complete; one
// refusal is enough. The first refusal is what the caller is told, so what the caller can mend
// without help stands first.
var rules = []rule{
	{"rolle-finnes", func(q question) *fault.Error {
		return unless(q.Profil != nil && q.Profil.Area != nil, NoRole)
	}},
	{"rolle-tildelt", func(q question) *fault.Error {
		return unless(slices.ContainsFunc(q.Tildelinger, func(t Tildeling) bool { return inForce(t.Fra, t.Til, q.At) }), NoRole)
	}},
	{"rolle-organisasjon", func(q question) *fault.Error {
		ours := q.Profil == nil || (q.FiksOrgID != "" && q.Profil.Role.FiksOrgID == q.FiksOrgID)
		return unless(ours && (q.Organisasjon == "" || q.Organisasjon == q.FiksOrgID), NoRole)
	}},
	{"rolle-gyldig", func(q question) *fault.Error {
		return unless(q.Profil == nil || (q.Profil.Role.Aktiv && inForce(q.Profil.Role.GyldigFra, q.Profil.Role.GyldigTil, q.At)), inactiveRole)
	}},
	{"omraade-gyldig", func(q question) *fault.Error {
		return unless(!q.judged() || q.Profil.Area.InForce(q.At), inactiveRole)
	}},
	{"hjemmel", func(q question) *fault.Error {
		return unless(!q.judged() || q.Profil.hasHjemmel("UTLEVERING", "HJEMMEL_TAUSHETSBELAGT"), noHjemmel)
	}},
	{"soekeside", func(q question) *fault.Error {
		return unless(!q.judged() || !q.Menneske || q.Profil.Role.KanBrukesPaaSokeside, machineRole)
	}},
	{"bruksomraade", func(q question) *fault.Error {
		if !q.judged() {
			return nil
		}
		return unless(q.Action.Asks() && len(q.Profil.lacks(q.Action)) == 0, outsideUse.About(q.Profil.lacks(q.Action)...))
	}},
	{"oppvekst", func(q question) *fault.Error {
		if !q.judged() || q.Action != Oppvekst {
			return nil
		}
		return nonempty(lacksOppvekst, q.Profil.lacking())
	}},
	{"part-kjent", func(q question) *fault.Error {
		return nonempty(unknownPart, q.asked.unknown)
	}},
	{"part-i-rolle", func(q question) *fault.Error {
		return nonempty(outsideRole, q.asked.outside)
	}},
	{"part-noe-igjen", func(q question) *fault.Error {
		return unless(!q.judged() || q.asked.properties != 0 || len(q.asked.unknown)+len(q.asked.outside) > 0, nothingOfBasis)
	}},
	{"treffliste", func(q question) *fault.Error {
		return unless(!q.judged() || !q.Action.Listing() || q.Profil.Holds("identifikasjonsnummer.foedselsEllerDNummer"),
			outsideRole.About("identifikasjonsnummer.foedselsEllerDNummer"))
	}},
	{"soekeparameter", func(q question) *fault.Error {
		if !q.judged() {
			return nil
		}
		return nonempty(outsideParameter, slices.DeleteFunc(slices.Clone(q.Parametre), q.Profil.MaySearchBy))
	}},
	{"soek-uten-kriterium", func(q question) *fault.Error {
		return unless(!q.Action.Searching() || len(q.Parametre) > 0, noCriterion)
	}},
	{"soek-for-vidt", func(q question) *fault.Error {
		return unless(q.Action != Personsoek && q.Action != Antallsoek || len(q.Parametre) == 0 || q.pointsOut(), tooWide)
	}},
	{"liste-kommune", func(q question) *fault.Error {
		return unless(!q.needsKommune() || len(q.Kommuner) > 0, noKommune)
	}},
	{"liste-geografi", func(q question) *fault.Error {
		if !q.judged() {
			return nil
		}
		return nonempty(outsideKommune, q.elsewhere())
	}},
	{"formaal", func(q question) *fault.Error {
		return unless(!q.judged() || q.Profil.Role.Formaal.accepts(q.Formaal) || q.widened() && len(q.Formaal) <= MaxFormaal, needsFormaal)
	}},
	{"budsjett", func(q question) *fault.Error {
		return unless(!q.judged() || !q.beyond(q.Profil.Role.Budsjett.Grense(q.Action).Hard), BudsjettBruktOpp)
	}},
	{"budsjett-formaal", func(q question) *fault.Error {
		return unless(!q.judged() || q.Formaal != "" || q.widened() || !q.beyond(q.Profil.Role.Budsjett.Grense(q.Action).Myk), needsFormaalBeyond)
	}},
	{"bekreftelse", func(q question) *fault.Error {
		return unless(!q.judged() || q.Bekreftelse == "" || (q.mayOpen() && !q.Action.Ordered() && len(q.Bekreftelse) >= MinBekreftelse && len(q.Bekreftelse) <= MaxFormaal), noReveal)
	}},
	{"overstyring", func(q question) *fault.Error {
		return unless(q.Overstyring == "" || q.mayOverride(), noOverride)
	}},
}

// MinBekreftelse is the shortest reason for opening a graded address, in bytes.
const MinBekreftelse = 10

// Decide judges the ask. It does no I/O and reads no clock.
func Decide(h Holder, a Ask) Decision {
	var d Decision
	h.Profil = h.Profil.At(a.At).asked(a.Action)
	q := question{h, a, h.understand(a)}
	for _, r := range rules {
		if f := r.refuse(q); f != nil {
			d.Reasons = append(d.Reasons, Reason{r.id, f})
		}
	}
	if len(d.Reasons) == 0 {
		d.granted = true
		d.grant = q.grant()
	}
	return d
}

func (h Holder) judged() bool { return h.Profil != nil && h.Profil.Area != nil }

func (h Holder) mayOpen() bool { return h.Profil.Role.AapneGradert && h.Profil.Area.KanAapneGradert() }

// asked is a list of parts understood against a role.
type asked struct {
	properties Properties
	historikk  bool
	unknown    []string // no such part
	outside    []string // elements that the role lacks
}

// understand reads the parts. Naming a property asks for what the role shows of it; naming a group
// asks for every property in it. None at all, or historikk alone, asks for what the role shows of
// person-basis. An ask about oppvekst is for all that its profile shows.
func (h Holder) understand(a Ask) asked {
	var in asked
	if !h.judged() {
		return in
	}
	if a.Action == Oppvekst {
		return asked{properties: h.Profil.shows, historikk: h.Profil.Holds(katalog.Historikk)}
	}
	named := false
	for _, part := range a.Parts {
		p, ok := h.Profil.part(part)
		if !ok && a.Action.Ordered() {
			p, ok = h.Profil.column(part)
		}
		switch {
		case part == katalog.Historikk:
			in.historikk = true
			if !h.Profil.Holds(katalog.Historikk) {
				in.outside = append(in.outside, katalog.Historikk)
			}
		case !ok:
			in.unknown = append(in.unknown, part)
		default:
			named = true
			in.properties |= p.shows
			in.outside = append(in.outside, p.lacks...)
		}
	}
	if !named && len(in.unknown) == 0 {
		basis, _ := h.Profil.part("person-basis")
		in.properties = basis.shows
	}
	if in.properties != 0 && !a.Action.Ordered() { // the register adds the number to every answer
		number, _ := h.Profil.part("identifikasjonsnummer")
		in.properties |= number.shows
	}
	return in
}

func unless(ok bool, f *fault.Error) *fault.Error {
	if ok {
		return nil
	}
	return f
}

func nonempty(f *fault.Error, codes []string) *fault.Error {
	return unless(len(codes) == 0, f.About(codes...))
}

// What callers are told.
var (
	// NoRole is told of a role that is not the caller's: an unknown one, another organisation's and one that is
	// not assigned look alike.
	NoRole = fault.New(fault.Denied, "ROLLE_IKKE_TILGJENGELIG",
		"Rollen finnes ikke eller er ikke tildelt. Sjekk rolle-id og miljø, eller be en administrator i organisasjonen om tilgang.")
	inactiveRole = fault.New(fault.Denied, "ROLLE_IKKE_AKTIV",
		"Rollen er ikke aktiv nå. En administrator i organisasjonen kan se gyldighetstiden.")
	noHjemmel = fault.New(fault.Denied, "ROLLE_UTEN_HJEMMEL",
		"Rollen har ingen hjemmel som åpner for utlevering. En administrator må knytte den til en hjemmel.")
	machineRole = fault.New(fault.Denied, "ROLLE_BARE_FOR_SYSTEM",
		"Rollen er laget for fagsystemer og kan ikke brukes av ansatte.")
	outsideUse = fault.New(fault.Denied, "BRUKSOMRAADE_UTENFOR_ROLLE",
		"Rollen gir ikke rett til denne bruken.")
	unknownPart = fault.New(fault.Invalid, "UKJENT_PART",
		"Parameteren part har verdier som ikke finnes.")
	outsideRole = fault.New(fault.Denied, "OPPLYSNING_UTENFOR_ROLLE",
		"Rollen gir ikke rett til alle opplysningene det spørres om. Fjern dem fra spørringen, eller bruk en annen rolle.")
	nothingOfBasis = fault.New(fault.Denied, "PART_MANGLER",
		"Uten parameteren part spørres det etter person-basis, og rollen har ingen av de opplysningene. Oppgi part.")
	outsideParameter = fault.New(fault.Denied, "SOEKEPARAMETER_UTENFOR_ROLLE",
		"Rollen gir ikke rett til å søke med alle disse parameterne.")
	noCriterion = fault.New(fault.Invalid, "SOEK_UTEN_KRITERIUM",
		"Et søk må ha minst ett kriterium.")
	tooWide = fault.New(fault.Invalid, "SOEK_FOR_VIDT",
		"Søket må peke ut noen: oppgi navn, fødselsdato, eller gateadresse med husnummer. Bruksenhetsnummer kan bare legges til gateadresse med husnummer. Lister over innbyggere bestilles som innbyggerlister.")
	needsFormaal = fault.New(fault.Invalid, "FORMAAL_MANGLER",
		"Rollen krever at formål eller saksnummer oppgis, på den formen organisasjonen har bestemt.")
	noOverride = fault.New(fault.Denied, "OVERSTYRING_IKKE_TILLATT",
		"Oppslag på egen familie kan bare overstyres av en ansatt, for én person om gangen, med en begrunnelse på 10 til 255 tegn, uten å åpne graderte adresser, og der organisasjonen tillater det.")
	noReveal = fault.New(fault.Denied, "BEKREFTELSE_IKKE_TILLATT",
		"Rollen kan ikke åpne graderte adresser, eller begrunnelsen er for kort eller for lang.")
)

// Usable reports whether the holder can use the role for anything at all at the time: it exists, is
// theirs, is in force and stands on a hjemmel.
func Usable(h Holder, at time.Time) bool {
	h.Profil = h.Profil.At(at)
	for _, r := range rules {
		if r.id == "soekeside" {
			return true // the rules before it are about holder and role alone
		}
		if r.refuse(question{Holder: h, Ask: Ask{At: at}}) != nil {
			return false
		}
	}
	return false
}
