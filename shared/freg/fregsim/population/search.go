package population

import (
	"slices"
	"strings"

	"hjemmel/shared/freg/fregsim/lives"
)

// Query is a search in the register. Empty fields do not restrict; the others all have to hold. The
// fields have the names and forms of Freg's parameters.
type Query struct {
	// Navn are words: the first must be a whole word of fornavn, the last of etternavn, the others of
	// any part. A single word may be in any part. All must hit one and the same name.
	Navn                                         []string
	SoekFonetisk                                 bool
	Kjoenn                                       string // kvinne or mann
	Foedselsdato                                 string // yyyymmdd
	FoedselsaarFraOgMed, FoedselsaarTilOgMed     int
	Adressenavn                                  string // a prefix, any case
	Husnummer                                    string // with letter or, for a house without one, without
	Postnummer, Kommunenummer, Fylkesnummer      string
	InkluderOppholdsadresse, InkluderDoede       bool
	Historisk                                    bool   // names and addresses may be past ones
	Identifikasjonsnummer                        string // in use or opphoert
	UtenlandskPersonidentifikasjon               string // SWE-number
	Legitimasjonsdokument                        string // SWE-number
	UtlendingsmyndighetenesIdentifikasjonsnummer string
}

// Search gives the numbers of those whom the query hits, in the order of the register, but at most
// limit + 1: one more than limit means that there are too many. Address criteria must all hold for
// one address. Graded persons are found as others are: the register leaves it to its consumers.
func (p *Population) Search(q Query, limit int) []string {
	m := p.reg.matcher(q)
	var found []string
	for r := 1; r < len(p.reg.People) && len(found) <= limit; r++ {
		if m.hits(lives.Ref(r)) {
			found = append(found, p.reg.People[r].Number.String())
		}
	}
	return found
}

// matcher is a query made ready: words and places are looked up once, not per person.
type matcher struct {
	register
	q          Query
	fold       func(string) string
	tokens     []string
	words      [][]bool // per token, which of the words have it as a whole word
	streets    []bool
	places     []bool
	anyAddress bool
}

func (p register) matcher(q Query) matcher {
	m := matcher{register: p, q: q, fold: strings.ToUpper}
	if q.SoekFonetisk {
		m.fold = Fold
	}
	for _, t := range q.Navn {
		token := m.fold(t)
		hit := make([]bool, len(p.Words))
		for i, w := range p.Words {
			hit[i] = m.whole(w, token)
		}
		m.tokens, m.words = append(m.tokens, token), append(m.words, hit)
	}
	m.streets = make([]bool, len(p.Streets))
	for i, s := range p.Streets {
		m.streets[i] = strings.HasPrefix(strings.ToUpper(s), strings.ToUpper(q.Adressenavn))
	}
	m.places = make([]bool, len(p.Places))
	for i, s := range p.Places {
		kommune := p.Kommuner[s.Kommune].Nummer
		m.places[i] = (q.Postnummer == "" || s.Postnummer == q.Postnummer) &&
			(q.Kommunenummer == "" || kommune == q.Kommunenummer) && strings.HasPrefix(kommune, q.Fylkesnummer)
	}
	m.anyAddress = q.Adressenavn+q.Husnummer+q.Postnummer+q.Kommunenummer+q.Fylkesnummer == ""
	return m
}

// whole reports whether one of the words in a name part is the token.
func (m *matcher) whole(part, token string) bool {
	for w := range strings.SplitSeq(part, " ") {
		if m.fold(w) == token {
			return true
		}
	}
	return false
}

func (m *matcher) hits(r lives.Ref) bool {
	e, q := &m.People[r], &m.q
	if len(e.Names) == 0 && len(q.Navn) > 0 || e.Died != 0 && !q.InkluderDoede {
		return false
	}
	if q.Kjoenn != "" && (q.Kjoenn == "kvinne") != e.Woman {
		return false
	}
	if !m.bornThen(e) || !m.identified(r, e) {
		return false
	}
	return m.named(e) && m.lives(e)
}

func (m *matcher) bornThen(e *lives.Person) bool {
	q := &m.q
	if q.Foedselsdato == "" && q.FoedselsaarFraOgMed == 0 && q.FoedselsaarTilOgMed == 0 {
		return true
	}
	y := e.Born.Year()
	if q.FoedselsaarFraOgMed != 0 && y < q.FoedselsaarFraOgMed || q.FoedselsaarTilOgMed != 0 && y > q.FoedselsaarTilOgMed {
		return false
	}
	return q.Foedselsdato == "" || e.Born.Time().Format("20060102") == q.Foedselsdato
}

// identified checks the numbers that only entydigsoek takes.
func (m *matcher) identified(r lives.Ref, e *lives.Person) bool {
	q := &m.q
	if q.Identifikasjonsnummer != "" {
		if at, ok := m.find(q.Identifikasjonsnummer); !ok || at != r {
			return false
		}
	}
	if q.UtenlandskPersonidentifikasjon+q.Legitimasjonsdokument+q.UtlendingsmyndighetenesIdentifikasjonsnummer == "" {
		return true
	}
	if e.More == nil {
		return false
	}
	land := lives.Lands[e.More.Origin].Alpha3 + "-"
	return is(q.UtenlandskPersonidentifikasjon, e.More.ForeignID, land+m.foreignID(r)) &&
		is(q.Legitimasjonsdokument, e.More.Passport, land+m.passport(r)) &&
		is(q.UtlendingsmyndighetenesIdentifikasjonsnummer, e.More.DUF, m.duf(r))
}

func is(wanted string, has bool, value string) bool {
	return wanted == "" || has && wanted == value
}

func (m *matcher) named(e *lives.Person) bool {
	if len(m.tokens) == 0 {
		return true
	}
	names := e.Names
	if !m.q.Historisk {
		names = names[len(names)-1:]
	}
	return slices.ContainsFunc(names, func(n lives.Name) bool { return m.name(e, n) })
}

func (m *matcher) name(e *lives.Person, n lives.Name) bool {
	end := len(m.tokens) - 1
	for i := range m.tokens {
		first := m.first(e, n, i)
		middle := n.Middle != 0 && m.words[i][n.Middle]
		last := m.words[i][n.Last]
		switch {
		case end == 0 || i > 0 && i < end:
			if !first && !middle && !last {
				return false
			}
		case i == 0 && !first, i == end && !last:
			return false
		}
	}
	return true
}

// first reports whether token i is a word of the first name, which for a newborn is made up.
func (m *matcher) first(e *lives.Person, n lives.Name, i int) bool {
	if !n.Unnamed {
		return m.words[i][n.First]
	}
	first, _, _ := m.spell(e, n)
	return m.whole(first, m.tokens[i])
}

func (m *matcher) lives(e *lives.Person) bool {
	return m.anyAddress || slices.ContainsFunc(e.Addresses, m.address)
}

func (m *matcher) address(a lives.Address) bool {
	if !searchable(a) || a.Use == lives.Opphold && !m.q.InkluderOppholdsadresse || a.To != 0 && !m.q.Historisk {
		return false
	}
	if !m.places[a.Place] {
		return false
	}
	if m.q.Adressenavn+m.q.Husnummer == "" {
		return true
	}
	return a.Kind == lives.Veg && m.streets[a.Street] &&
		(m.q.Husnummer == "" || strings.EqualFold(houseNumber(a), m.q.Husnummer))
}
