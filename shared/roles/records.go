package roles

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/policy"
	"hjemmel/shared/store"
)

// Keys of records. Ids are checked to be plain before they become keys.
func organisationKey(id string) string { return "organisasjon/" + id }
func roleKey(id string) string         { return "rolle/" + id }
func versionKey(id string, version int) string {
	return fmt.Sprintf("rolleversjon/%s/%06d", id, version)
}
func ansattKey(id string) string               { return "ansatt/" + id }
func assignmentKey(aktor, rolle string) string { return "tildeling/" + aktor + "/" + rolle }

// Indexes, written in the commit of what they point to: an organisation's roles, a role's holders.
func organisationRoleKey(org, rolle string) string { return "organisasjonsrolle/" + org + "/" + rolle }
func holderKey(rolle, aktor string) string         { return "rolletildeling/" + rolle + "/" + aktor }

// Guards: records that every change of a kind rewrites, so that two changes that must know of each
// other cannot both go through.
func holdersKey(rolle string) string      { return "rollevakt/" + rolle }
func administratorsKey(org string) string { return "administratorer/" + org }

// Version is a role as it was decided, by whom and why. The newest one is the role's own record too.
type Version struct {
	policy.Role
	Opprettet time.Time `json:"opprettet,omitzero"` // of version 1
	Endret    time.Time `json:"endret,omitzero"`    // of this version
	EndretAv  string    `json:"endretAv,omitempty"` // an employee's id
	Kommentar string    `json:"kommentar,omitempty"`
	Slettet   bool      `json:"slettet,omitempty"` // the last version of a role that is no more
	// Frister are when assignments must have been renewed. They follow the role whatever becomes of it.
	Frister []Frist `json:"fornyelsesfrister,omitempty"`

	over store.Revision // of the role's record as it was read; zero for a new role
}

// Assignment is a tildeling with who made it.
type Assignment struct {
	policy.Tildeling
	Type       AktorType `json:"type"`
	TildeltAv  string    `json:"tildeltAv,omitempty"`
	GodkjentAv string    `json:"godkjentAv,omitempty"` // where an employee's own wish was approved
	Tildelt    time.Time `json:"tildelt,omitzero"`
	Fornyet    time.Time `json:"fornyet,omitzero"` // when somebody last said that it is still needed
	FornyetAv  string    `json:"fornyetAv,omitempty"`
}

// AktorType is what sort of actor holds a role.
type AktorType string

// The sorts. Synced users and groups are those of an identity system.
const (
	PersonAktor     AktorType = "PERSON"
	IntegrasjonType AktorType = "INTEGRASJON"
	EksternBruker   AktorType = "EKSTERN_BRUKER"
	EksternGruppe   AktorType = "EKSTERN_GRUPPE"
)

// TypeOf tells the sort by the shape of the id, for assignments that do not say it and for ids whose
// record is elsewhere: SDB_ and SDG_ with a UUID are synced, another UUID is an integration.
func TypeOf(aktorID string) AktorType {
	for prefix, sort := range map[string]AktorType{"SDB_": EksternBruker, "SDG_": EksternGruppe, "": IntegrasjonType} {
		if rest, ok := strings.CutPrefix(aktorID, prefix); ok && len(rest) == 36 && uuid.Validate(rest) == nil {
			return sort
		}
	}
	return PersonAktor
}

// holders guards a role's assignments.
type holders struct {
	Slettet bool `json:"slettet,omitempty"`
}

// administrators are those of an organisation.
type administrators struct {
	Ansatte []string `json:"ansatte"`
}
