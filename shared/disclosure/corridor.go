package disclosure

import (
	"hjemmel/shared/audit"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/redact"
)

// corridor is one question on its way: what each stage has added so far.
type corridor struct {
	req    Request
	holder policy.Holder
	grant  policy.Grant
	list   string        // id of the list that it is for; "" for most
	krets  *person.Krets // of an asking employee; nil where it could not be established
}

// entry is what every line about this question has in common.
func (c corridor) entry() audit.Entry {
	e := audit.Entry{
		FiksOrgID:   c.holder.FiksOrgID,
		Aktor:       c.holder.Aktor,
		PaaVegneAv:  c.holder.PaaVegneAv,
		Formaal:     audit.Written(c.req.Ask.Formaal),
		Bekreftelse: audit.Written(c.req.Ask.Bekreftelse),
		Overstyring: audit.Written(c.req.Ask.Overstyring),
		Handling:    string(c.req.Ask.Action),
		Part:        c.holder.Profil.Known(c.req.Ask.Parts),
		Runder:      c.req.Ask.Runder,
		Spurt:       c.grant.Asked(),
		Parametre:   c.req.Ask.Parametre,
		RequestID:   c.req.RequestID,
		Gjelder:     c.list,
	}
	if e.FiksOrgID == "" {
		e.FiksOrgID = audit.Platform
	}
	if p := c.holder.Profil; p != nil {
		e.Rolle, e.Rolleversjon, e.Tjenesteomraade, e.Hjemler = p.Role.ID, p.Role.Versjon, p.Role.Tjenesteomraade, p.Role.Hjemler
	}
	if c.grant.Widened() {
		e.Regler = []string{"noedtilgang"}
	}
	return e
}

// about is the entry of one person's record, delivered or withheld.
func (c corridor) about(id person.ID, r redact.Record) audit.Entry {
	e := c.entry()
	e.Person = id
	e.Regler = append(e.Regler, ruleNames(r.Withheld)...)
	if r.Denied() {
		e.Utfall, e.Feilkode = audit.Avslag, policy.Withheld.Code
		return e
	}
	e.Utfall, e.Avdekket = audit.Utlevert, r.Revealed
	if len(r.Overridden) > 0 {
		e.Regler = append(append(e.Regler, "habilitet-overstyrt"), ruleNames(r.Overridden)...)
	}
	e.Levert = r.Delivered.Names(c.grant)
	if r.Former {
		e.Levert = append(e.Levert, "historikk")
	}
	return e
}

// entries are the lines of a question that ends without an answer.
func (c corridor) entries(outcome audit.Utfall, rules []policy.RuleID, code string) []audit.Entry {
	e := c.entry()
	e.Utfall, e.Regler, e.Feilkode = outcome, append(e.Regler, ruleNames(rules)...), code
	if len(c.req.Ask.Subjects) == 0 {
		return []audit.Entry{e}
	}
	entries := make([]audit.Entry, len(c.req.Ask.Subjects))
	for i, id := range c.req.Ask.Subjects {
		entries[i] = e
		entries[i].Person = id
	}
	return entries
}

func ruleNames(rules []policy.RuleID) []string {
	if len(rules) == 0 {
		return nil
	}
	s := make([]string, len(rules))
	for i, r := range rules {
		s[i] = string(r)
	}
	return s
}
