package smartbox

import (
	"slices"
	"strings"
	"sync"

	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/policy/katalog"
)

// Endings of streets. What only ends like one is read as one where a house number follows; the first
// few are taken for streets without.
var (
	surely = []string{"gata", "gate", "gaten", "veien", "vegen", "vei", "veg"}
	maybe  = []string{"plass", "plassen", "allé", "alle", "alleen", "torg", "torget", "brygge", "stien", "svingen", "bakken", "kroken", "løkka", "tunet", "jordet", "lia"}
)

// ends reports whether a word ends like a street, and whether it is the ending alone, which takes the
// word before along: Kongens gate.
func ends(w string, endings []string) (like, bare bool) {
	w = strings.ToLower(w)
	for _, e := range endings {
		if w == e {
			return true, true
		}
		like = like || strings.HasSuffix(w, e) && len(w) > len(e)+1
	}
	return like, false
}

// street takes the street off the words before a house number, and gives the others back.
func (r *reader) street(words []string) []string {
	last := len(words) - 1
	like, bare := ends(words[last], append(slices.Clone(surely), maybe...))
	whole, from := strings.Join(words, " "), last
	switch {
	case bare && last > 0:
		from = last - 1
	case !like: // Øvre Haugen 12, and just as well Hansen Haugen 12
		from = 0
	}
	r.d.Adressenavn = strings.Join(words[from:], " ")
	switch {
	case from > 0:
		r.other("Bare «"+r.d.Adressenavn+"» er lest som gate. Ordene foran kan også høre til.", func(d *personsoek.Definisjon) {
			d.Adressenavn, d.Navn = whole, without(d.Navn, words[:from])
		})
	case last > 0 && !bare:
		r.other("«"+whole+"» er lest som gate. Ordene foran det siste kan også være navn.", func(d *personsoek.Definisjon) {
			d.Adressenavn, d.Navn = words[last], joined(strings.Join(words[:last], " "), d.Navn)
		})
	}
	return words[:from]
}

func (r *reader) other(note string, other func(*personsoek.Definisjon)) {
	r.notes, r.others = append(r.notes, note), append(r.others, other)
}

// without takes words off the front of a name.
func without(name string, words []string) string {
	return strings.TrimSpace(strings.TrimPrefix(name, strings.Join(words, " ")))
}

func joined(a, b string) string { return strings.TrimSpace(a + " " + b) }

// kommuner are the numbers of municipalities by name, in upper case; two have names that others have.
var kommuner = sync.OnceValue(func() map[string][]string {
	byName := map[string][]string{}
	for number, name := range katalog.Kommuner() {
		name = strings.ToUpper(name)
		byName[name] = append(byName[name], number)
		slices.Sort(byName[name])
	}
	return byName
})

// places finds the municipality among the words, and the place of the postal code, which is not used.
func (r *reader) places() {
	groups := r.groups
	r.groups = nil
	for i, g := range groups {
		if g.post && (len(r.groups) > 0 || r.d.Adressenavn != "") {
			place := strings.Join(g.words, " ")
			r.other("«"+place+"» er lest som poststed og ikke brukt. Det kan også være et navn.", func(d *personsoek.Definisjon) { d.Navn = joined(d.Navn, place) })
			continue
		}
		g.alone = g.alone && i > 0 // before the comma may stand a surname
		if g = r.kommune(g, len(groups) > 1); len(g.words) > 0 {
			r.groups = append(r.groups, g)
		}
	}
}

// kommune takes a municipality off the end of a group. A word that alone would be all there is, is a
// name: where somebody lives points nobody out.
func (r *reader) kommune(g group, among bool) group {
	for n := min(3, len(g.words)); n > 0; n-- {
		rest, tail := g.words[:len(g.words)-n], strings.Join(g.words[len(g.words)-n:], " ")
		numbers := kommuner()[strings.ToUpper(tail)]
		if numbers == nil || r.d.Kommunenummer != "" || len(r.d.Kommunenumre) > 0 {
			continue
		}
		pointed := among || r.d.Foedselsdato != nil || r.d.Husnummer != "" || r.d.Postnummer != "" || r.d.Foedt != (personsoek.AarIntervall{})
		if len(rest) == 0 && !pointed {
			r.notes = append(r.notes, "«"+tail+"» er lest som navn. Det er også en kommune, men en kommune alene peker ikke ut noen.")
			return g
		}
		sure := len(rest) == 0 && g.alone
		if len(rest) > 0 && slices.Contains([]string{"i", "fra"}, strings.ToLower(rest[len(rest)-1])) {
			rest, sure = rest[:len(rest)-1], true
		}
		r.municipality(tail, numbers, sure)
		g.words = rest
		return g
	}
	return g
}

func (r *reader) municipality(name string, numbers []string, sure bool) {
	if r.d.Kommunenummer = numbers[0]; len(numbers) > 1 {
		r.d.Kommunenummer, r.d.Kommunenumre = "", numbers
		r.notes = append(r.notes, "Flere kommuner heter «"+name+"»; alle er med.")
	}
	if !sure {
		r.other("«"+name+"» er lest som kommune. Det kan også være et navn.", func(d *personsoek.Definisjon) {
			d.Kommunenummer, d.Kommunenumre, d.Navn = "", nil, joined(d.Navn, name)
		})
	}
}

// names makes one name of the words that are left. Two groups with a comma between are read as surname
// and given name.
func (r *reader) names() {
	groups := r.groups
	if len(groups) == 2 && groups[0].segment != groups[1].segment && !slices.ContainsFunc(groups, group.street) {
		first, last := strings.Join(groups[1].words, " "), strings.Join(groups[0].words, " ")
		r.d.Navn = joined(first, last)
		r.other("Det som står før kommaet, er lest som etternavn.", func(d *personsoek.Definisjon) { d.Navn = joined(last, first) })
		return
	}
	var all []string
	for _, g := range groups {
		all = append(all, g.words...)
	}
	if n := len(all); n > 1 && r.d.Adressenavn == "" { // a street without a house number
		if like, bare := ends(all[n-1], surely); like && !bare {
			street := all[n-1]
			all, r.d.Adressenavn = all[:n-1], street
			r.other("«"+street+"» er lest som gate. Det kan også være et navn.", func(d *personsoek.Definisjon) {
				d.Adressenavn, d.Navn = "", joined(d.Navn, street)
			})
		}
	}
	r.d.Navn = joined(r.d.Navn, strings.Join(all, " "))
}

// street reports whether the words end like a street.
func (g group) street() bool {
	like, _ := ends(g.words[len(g.words)-1], surely)
	return like
}
