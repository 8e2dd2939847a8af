package redacttest

import (
	"slices"

	"hjemmel/shared/person"
)

// Withholds reports whether the whole person is withheld: by habilitet, by geography, or because a
// protected person was sought by address.
func (o *Oracle) Withholds(doc map[string]any) bool {
	own := grade(doc)
	strongest := max(own, int(o.Slekt))
	for _, a := range adresser[:4] {
		for _, e := range elements(doc[a]) {
			strongest = max(strongest, level(e["adressegradering"]))
		}
	}
	lifted := o.Override && o.Relation != "segSelv" && strongest < int(person.StrengtFortrolig)
	if o.near(doc) && !lifted {
		return true
	}
	if len(o.Role.Kommuner) > 0 && !slices.Contains(o.Role.Kommuner, kommune(doc)) {
		return true
	}
	return o.ByAddress && (own >= 3 || strongest > 0 && !o.Reveal)
}

func (o *Oracle) near(doc map[string]any) bool {
	switch o.Relation {
	case "", "fremmed", "nabo":
		return false
	case "sammeAdresse": // an address without a house is nobody's home
		return slices.ContainsFunc(elements(doc["bostedsadresse"]), func(e map[string]any) bool {
			_, known := e["adresseIdentifikatorFraMatrikkelen"].(string)
			return e["erGjeldende"] != false && (known || e["vegadresse"] != nil || e["matrikkeladresse"] != nil)
		})
	}
	return true
}

// kommune is where the person of the document lives, or "".
func kommune(doc map[string]any) string {
	for _, e := range elements(doc["bostedsadresse"]) {
		if e["erGjeldende"] != true {
			continue
		}
		veg, _ := e["vegadresse"].(map[string]any)
		matrikkel, _ := e["matrikkeladresse"].(map[string]any)
		nummer, _ := matrikkel["matrikkelnummer"].(map[string]any)
		ukjent, _ := e["ukjentBosted"].(map[string]any)
		for _, v := range []any{veg["kommunenummer"], nummer["kommunenummer"], ukjent["bostedskommune"]} {
			if k, ok := v.(string); ok && k != "" {
				return k
			}
		}
	}
	return ""
}
