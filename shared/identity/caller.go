// Package identity says who is asking: an employee, a vendor's system (integrasjon), or an employee
// who asks through one.
//
// A [Caller] comes out of [Verifier.Caller] alone, after the token's signature, issuer, times,
// audience and scope are checked, and for a vendor the integration's password and organisation too.
// The zero Caller is nobody.
//
// It refuses to say what a caller may see (package roles), to tell a stranger which integrations
// exist, and to repeat an id, a password, a number or any part of a token in an error.
//
// Up: package roles turns a Caller into a holder of roles. Down: package store keeps integrations,
// and idsim holds the simulated issuers that the tests and the dev host run against.
package identity

import "hjemmel/shared/person"

// Kind says what sort of caller it is.
type Kind int

// The kinds. The zero kind is nobody and is refused everywhere.
const (
	KindNobody                 Kind = iota
	KindIntegration                 // a vendor's system, with its organisation's accesses
	KindEmployee                    // a person, logged in with us
	KindEmployeeViaIntegration      // a person in a vendor's system, with the person's own accesses
)

var kindNames = [...]string{"nobody", "integration", "employee", "employee via integration"}

// String names the kind in English, for logs.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return kindNames[KindNobody]
	}
	return kindNames[k]
}

// Levels of assurance (acr) that ID-porten gives and we accept. ID-porten's low level is refused.
const (
	LevelSubstantial = "idporten-loa-substantial"
	LevelHigh        = "idporten-loa-high"
)

// Caller is who asks. Only a [Verifier] makes one. Callers are comparable; two calls by the same
// party through the same door at the same level give equal Callers.
type Caller struct {
	kind                                     Kind
	person                                   person.ID
	organisation, integration, client, level string
}

// Kind says what sort of caller it is.
func (c Caller) Kind() Kind { return c.kind }

// IsZero reports whether the caller is nobody.
func (c Caller) IsZero() bool { return c.kind == KindNobody }

// Person is the employee's own number, and nobody for a pure integration.
func (c Caller) Person() person.ID { return c.person }

// Organisation is the id (fiksOrgId, a UUID) of the organisation that the integration belongs to.
// It is "" for an employee who logged in with us: which organisation is chosen later.
func (c Caller) Organisation() string { return c.organisation }

// IntegrationID is the integration's UUID in lower case, or "" when the call came without one.
func (c Caller) IntegrationID() string { return c.integration }

// ClientOrgnr is the nine-digit organisation number of the token's consumer, checked against the
// integration: the vendor's, or that of the municipality that delegated to it. It is "" for an
// employee who logged in with us.
func (c Caller) ClientOrgnr() string { return c.client }

// Level is the employee's level of assurance, [LevelSubstantial] or [LevelHigh]; "" for a pure
// integration.
func (c Caller) Level() string { return c.level }
