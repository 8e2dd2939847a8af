// Package scim is the wire of SCIM 2.0 (RFC 7643 and 7644) as an identity system speaks it to us: schemas,
// resources, filters, PATCH, projections and errors. It is pure: no store, no clock, no HTTP.
//
// It takes every form that Microsoft Entra ID sends beside those of the RFCs: booleans as strings, a manager as
// a string, dotted names, values of extensions by their full names, operations in any case. It refuses what it
// cannot understand with the RFC's own words, keeps no attribute that the platform has no use for, and never
// gives an attribute back that is written only.
package scim

import (
	"slices"
	"strings"
)

// Names of schemas and messages.
const (
	UserSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	// PersonSchema is KS' extension; its one attribute is Foedselsnummer.
	PersonSchema  = "urn:ietf:params:scim:schemas:extension:ks:personidentifikasjon:1.0"
	ListMessage   = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	SearchMessage = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	PatchMessage  = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	BulkMessage   = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	BulkAnswer    = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
	errorMessage  = "urn:ietf:params:scim:api:messages:2.0:Error"
	MediaType     = "application/scim+json"
)

// Foedselsnummer is the attribute of PersonSchema.
const Foedselsnummer = "foedselsnummer"

// Attribute describes an attribute (RFC 7643 § 7).
type Attribute struct {
	Name            string      `json:"name"`
	Type            string      `json:"type"`
	MultiValued     bool        `json:"multiValued"`
	Description     string      `json:"description"`
	Required        bool        `json:"required"`
	CaseExact       bool        `json:"caseExact"`
	Mutability      string      `json:"mutability"`
	Returned        string      `json:"returned"`
	Uniqueness      string      `json:"uniqueness"`
	ReferenceTypes  []string    `json:"referenceTypes,omitempty"`
	CanonicalValues []string    `json:"canonicalValues,omitempty"`
	SubAttributes   []Attribute `json:"subAttributes,omitempty"`
}

// Schema describes a schema.
type Schema struct {
	Schemas     []string       `json:"schemas"`
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Attributes  []Attribute    `json:"attributes"`
	Meta        map[string]any `json:"meta"`
}

// Type is a type of resource with its schemas.
type Type struct {
	Name       string // User, Group
	Endpoint   string // /Users
	Core       *Schema
	Extensions []*Schema
}

func text(name, description string) Attribute {
	return Attribute{Name: name, Type: "string", Description: description, Mutability: "readWrite", Returned: "default", Uniqueness: "none"}
}

func (a Attribute) with(change func(*Attribute)) Attribute {
	change(&a)
	return a
}

func complexOf(name, description string, multi bool, subs ...Attribute) Attribute {
	a := text(name, description)
	a.Type, a.MultiValued, a.SubAttributes = "complex", multi, subs
	return a
}

func boolean(name, description string) Attribute {
	return text(name, description).with(func(a *Attribute) { a.Type = "boolean" })
}

func reference(name, description string, to ...string) Attribute {
	return text(name, description).with(func(a *Attribute) { a.Type, a.CaseExact, a.ReferenceTypes = "reference", true, to })
}

func readOnly(a *Attribute) { a.Mutability = "readOnly" }
func required(a *Attribute) { a.Required = true }

// common are attributes of every resource (RFC 7643 § 3.1). They are in no schema that is told of.
var common = []Attribute{
	text("id", "").with(func(a *Attribute) {
		a.CaseExact, a.Mutability, a.Returned, a.Uniqueness = true, "readOnly", "always", "server"
	}),
	text("externalId", "").with(func(a *Attribute) { a.CaseExact = true }),
	complexOf("meta", "", false,
		text("resourceType", "").with(func(a *Attribute) { a.CaseExact = true }),
		text("created", "").with(func(a *Attribute) { a.Type = "dateTime" }),
		text("lastModified", "").with(func(a *Attribute) { a.Type = "dateTime" }),
		reference("location", "", "uri"),
		text("version", "").with(func(a *Attribute) { a.CaseExact = true }),
	).with(readOnly),
}

// User and Group are what we know. Of RFC 7643's attributes of a user those are left out that the platform has
// no use for: addresses, telephones, pictures, keys and passwords are accepted and not kept.
var (
	User = &Type{Name: "User", Endpoint: "/Users", Core: schema(UserSchema, "User", "En bruker i identitetssystemet",
		text("userName", "Brukernavn, entydig i kilden.").with(required).with(func(a *Attribute) { a.Uniqueness = "server" }),
		complexOf("name", "Navn.", false,
			text("formatted", "Hele navnet."), text("familyName", "Etternavn."), text("givenName", "Fornavn og mellomnavn."), text("middleName", "Mellomnavn.")),
		text("displayName", "Navnet som vises."),
		text("title", "Stilling."),
		text("userType", "Ansettelsesforhold."),
		text("preferredLanguage", "Språk."),
		boolean("active", "Om brukeren har tilgang."),
		complexOf("emails", "E-postadresser.", true,
			text("value", "Adressen."), text("display", "Adressen som den vises."),
			text("type", "Hva slags.").with(func(a *Attribute) { a.CanonicalValues = []string{"work", "home", "other"} }),
			boolean("primary", "Om det er hovedadressen.")),
		complexOf("groups", "Gruppene brukeren er med i.", true,
			text("value", "Gruppens id.").with(readOnly), reference("$ref", "Gruppens adresse.", "Group").with(readOnly), text("display", "Gruppens navn.").with(readOnly),
			text("type", "Alltid direct.").with(readOnly).with(func(a *Attribute) { a.CanonicalValues = []string{"direct"} })).with(readOnly).with(func(a *Attribute) { a.Returned = "request" }),
	), Extensions: []*Schema{
		schema(EnterpriseSchema, "EnterpriseUser", "Den ansatte i virksomheten",
			text("employeeNumber", "Ansattnummer."), text("costCenter", "Kostnadssted."), text("organization", "Organisasjon."),
			text("division", "Område."), text("department", "Avdeling."),
			complexOf("manager", "Leder.", false, text("value", "Lederens id."), reference("$ref", "Lederens adresse.", "User"), text("displayName", "Lederens navn.").with(readOnly))),
		schema(PersonSchema, "Personidentifikasjon", "KS' utvidelse: hvem brukeren er når hun logger inn med ID-porten",
			text(Foedselsnummer, "Fødselsnummer eller d-nummer. Gis aldri tilbake.").with(func(a *Attribute) { a.CaseExact, a.Mutability, a.Returned = true, "writeOnly", "never" })),
	}}
	Group = &Type{Name: "Group", Endpoint: "/Groups", Core: schema(GroupSchema, "Group", "En gruppe av brukere",
		text("displayName", "Gruppens navn.").with(required),
		complexOf("members", "Medlemmene: brukere, aldri grupper.", true,
			text("value", "Brukerens id.").with(func(a *Attribute) { a.Mutability = "immutable" }),
			reference("$ref", "Brukerens adresse.", "User").with(func(a *Attribute) { a.Mutability = "immutable" }),
			text("type", "Alltid User.").with(func(a *Attribute) { a.Mutability, a.CanonicalValues = "immutable", []string{"User"} }),
			text("display", "Brukt av Entra; ikke tatt vare på.").with(readOnly)),
	)}
)

// Types are the types of resources.
func Types() []*Type { return []*Type{User, Group} }

func schema(id, name, description string, attributes ...Attribute) *Schema {
	return &Schema{Schemas: []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, ID: id, Name: name, Description: description, Attributes: attributes}
}

// find gives the attribute of a name, in any case; nil where there is none.
func find(among []Attribute, name string) *Attribute {
	i := slices.IndexFunc(among, func(a Attribute) bool { return strings.EqualFold(a.Name, name) })
	if i < 0 {
		return nil
	}
	return &among[i]
}

// extension gives the extension of a name, in any case.
func (t *Type) extension(urn string) *Schema {
	for _, s := range t.Extensions {
		if strings.EqualFold(s.ID, urn) {
			return s
		}
	}
	return nil
}

// attribute gives the core or common attribute of a name.
func (t *Type) attribute(name string) *Attribute {
	if a := find(t.Core.Attributes, name); a != nil {
		return a
	}
	return find(common, name)
}

// target is where a path leads: an attribute, in an extension or not, and a part of it.
type target struct {
	extension *Schema    // nil in the core
	attribute *Attribute // nil for the extension as a whole
	sub       *Attribute
}

// leaf is what the path is about in the end.
func (p target) leaf() *Attribute {
	if p.sub != nil {
		return p.sub
	}
	return p.attribute
}

// resolve finds what a path means: urn, attribute, part. ok is false where there is no such thing.
func (t *Type) resolve(urn, name, sub string) (p target, ok bool) {
	switch {
	case urn == "" || strings.EqualFold(urn, t.Core.ID):
		p.attribute = t.attribute(name)
	default:
		if p.extension = t.extension(urn); p.extension == nil {
			p.extension = t.extension(urn + ":" + name) // the whole extension
			return p, p.extension != nil && sub == ""
		}
		p.attribute = find(p.extension.Attributes, name)
	}
	if p.attribute == nil {
		return p, false
	}
	if sub != "" {
		p.sub = find(p.attribute.SubAttributes, sub)
	}
	return p, sub == "" || p.sub != nil
}

// split cuts a full name into urn, attribute and part.
func (t *Type) split(name string) (urn, attribute, sub string) {
	for _, s := range append([]*Schema{t.Core}, t.Extensions...) {
		if len(name) >= len(s.ID) && strings.EqualFold(name[:len(s.ID)], s.ID) {
			if rest := name[len(s.ID):]; rest == "" {
				i := strings.LastIndexByte(name, ':')
				return name[:i], name[i+1:], ""
			} else if rest[0] == ':' {
				attribute, sub, _ = strings.Cut(rest[1:], ".")
				return s.ID, attribute, sub
			}
		}
	}
	attribute, sub, _ = strings.Cut(name, ".")
	return "", attribute, sub
}
