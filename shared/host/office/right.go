package office

import (
	"slices"
	"strings"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/roles"
)

// Right says whether an employment of the caller's lets them run an errand. Only humans at our own door
// have any, as with Fiks: fagsystemer do not administer.
type Right func(a *Errand, as roles.Ansatt) bool

// Anybody is the right of every caller whom we know, also of a vendor's system.
var Anybody Right

// Employed is the right of every employee.
func Employed(*Errand, roles.Ansatt) bool { return true }

// Administrator is the right of those who administer the organisation that it concerns.
func Administrator(a *Errand, as roles.Ansatt) bool {
	return a.of(as) && as.Funksjon == roles.Administrator
}

// Personvern is the right of the privacy officer (personvernombud) of the organisation that it concerns.
func Personvern(a *Errand, as roles.Ansatt) bool { return a.of(as) && as.Funksjon == roles.Personvern }

// Innsyn is the right of those who look into what the organisation that it concerns has done: its privacy
// officer and its auditor. Where the path names no organisation it is that of those of any, and the errand
// must be taken In one.
func Innsyn(a *Errand, as roles.Ansatt) bool {
	return (a.of(as) || a.PathValue("fiksOrgId") == "") && (as.Funksjon == roles.Personvern || as.Funksjon == roles.Revisor)
}

// In takes an errand whose path names no organisation to the one that it says it concerns, or to the caller's
// own where it says nothing. Where the caller has not the right there it refuses as By does.
func (a *Errand) In(may Right, fiksOrgID string) error {
	for _, as := range a.Employed {
		if may(a, as) && (fiksOrgID == "" || as.FiksOrgID == strings.ToLower(fiksOrgID)) {
			a.Org, a.Ansatt, a.Aktor = as.FiksOrgID, as, as.ID
			return nil
		}
	}
	return errFunksjon
}

// Operator is the right of the platform's operator, whatever it concerns.
func Operator(_ *Errand, as roles.Ansatt) bool { return as.Funksjon == roles.Operatoer }

// Either is the right of those who have one of some.
func Either(some ...Right) Right {
	return func(a *Errand, as roles.Ansatt) bool {
		return slices.ContainsFunc(some, func(r Right) bool { return r(a, as) })
	}
}

func (a *Errand) of(as roles.Ansatt) bool { return a.Org != "" && as.FiksOrgID == a.Org }

var errFunksjon = fault.New(fault.Denied, "FUNKSJON_MANGLER",
	"Du har ikke funksjonen som kreves her, eller ikke i denne organisasjonen. Ansatte må logge inn selv; fagsystemer slipper ikke til.")

// admitted finds the employment by which the caller has the right.
func (a *Errand) admitted(may Right) bool {
	if may == nil {
		return true
	}
	if a.Who.Kind() != identity.KindEmployee {
		return false
	}
	i := slices.IndexFunc(a.Employed, func(e roles.Ansatt) bool { return may(a, e) })
	if i < 0 {
		return false
	}
	a.Ansatt, a.Aktor = a.Employed[i], a.Employed[i].ID
	return true
}
