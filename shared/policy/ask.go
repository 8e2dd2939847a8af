package policy

import (
	"slices"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/policy/katalog"
)

// Ask is one question to the register on somebody's behalf.
type Ask struct {
	Action Action
	// Subjects are the persons asked about; none for a search.
	Subjects []person.ID
	// Parts are the values of the parameter part: properties, groups and historikk, and of a list also
	// single opplysninger. None means what the role may see of person-basis, now.
	Parts []string
	// Parametre are the names of the search parameters used, never their values.
	Parametre []string
	// Kommuner are the kommunenummer that a list is for, by bosted or opphold.
	Kommuner []string
	// Runder is how many searches the register is asked for; 0 counts as one.
	Runder int
	// Formaal is the purpose or case number that the caller states.
	Formaal string
	// Bekreftelse is the caller's reason for opening graded addresses; empty means they stay closed.
	Bekreftelse string
	// Overstyring is the employee's reason for asking about close family; empty means that it is
	// refused.
	Overstyring string
	// Organisasjon is the fiksOrgId that the caller names; empty where the operation takes none.
	Organisasjon string
	// At is when the ask is judged.
	At time.Time
}

// Action is what kind of question it is. The values stand in audit entries.
type Action string

// The actions.
const (
	Oppslag     Action = "oppslag"
	Bulkoppslag Action = "bulkoppslag"
	SoekTreff   Action = "soek"
	EntydigSoek Action = "entydigsoek"
	Personsoek  Action = "personsoek" // a search that shows the persons it finds
	Antallsoek  Action = "antallsoek" // a search that tells about how many there are
	// Oppvekst is about children, OppvekstAnsvarlig about those with parental responsibility for them. The
	// latter is never asked: [Grant.Ansvarlige] makes it of the former.
	Oppvekst          Action = "oppvekst"
	OppvekstAnsvarlig Action = "oppvekst-ansvarlig"
	// Innbyggerliste is a list of whom the criteria of an uttrekk fit, or of persons by number;
	// InnbyggerlisteSoek is one of whom a search finds.
	Innbyggerliste     Action = "innbyggerliste"
	InnbyggerlisteSoek Action = "innbyggerliste-soek"
)

// bruk are the bruksområder that an action needs, each of them; none for one that is never asked.
func (a Action) bruk() []katalog.Bruk {
	switch a {
	case Oppslag, Bulkoppslag, SoekTreff, EntydigSoek, Personsoek, Antallsoek, Oppvekst:
		return []katalog.Bruk{katalog.Soek}
	case Innbyggerliste:
		return []katalog.Bruk{katalog.Innbyggerliste}
	case InnbyggerlisteSoek:
		return []katalog.Bruk{katalog.Soek, katalog.Innbyggerliste}
	case OppvekstAnsvarlig: // is never asked
	}
	return nil
}

// lacks lists the bruksområder that an action needs and the role or its area lacks.
func (p *Profile) lacks(a Action) (uses []string) {
	for _, b := range a.bruk() {
		if !slices.Contains(p.Role.Bruksomraader, b) || !slices.Contains(p.Area.Bruksomraader, b) {
			uses = append(uses, string(b))
		}
	}
	return uses
}

// Asks reports whether the action asks the register about persons.
func (a Action) Asks() bool { return a.bruk() != nil }

// Searching reports whether the action finds persons instead of naming them.
func (a Action) Searching() bool { return a == EntydigSoek || a.Listing() || a.Ordered() }

// Listing reports whether the action may find many persons.
func (a Action) Listing() bool { return a == SoekTreff || a == Personsoek || a == Antallsoek }

// Holder is who asks in which role: everything about the asker that judgement needs.
type Holder struct {
	// Aktor identifies the asker in the audit log: an employee's or an integration's id.
	Aktor string
	// PaaVegneAv is the integration through which an employee asks; empty otherwise.
	PaaVegneAv string
	// Person is the asking employee's own number; nobody for an integration.
	Person person.ID
	// Menneske is true for an employee at our own page, false for a system.
	Menneske bool
	// KanOverstyre says that the organisation lets employees override habilitet with a reason.
	KanOverstyre bool
	// FiksOrgID and Orgnr are the organisation on whose behalf the register is asked.
	FiksOrgID string
	Orgnr     string
	// Profil is the role; nil where the asker has named no role that we know of.
	Profil *Profile
	// Tildelinger are the assignments of the role to the asker; none means it is not theirs.
	Tildelinger []Tildeling
	// Brukt is what the holder has asked in the role today, of the kind that is asked now.
	Brukt int
	// Noedtilganger are the holder's own widenings of the role, in force or not.
	Noedtilganger []Noedtilgang
}
