package redacttest

import (
	"encoding/json"
	"strings"

	"hjemmel/shared/person"
)

// Relations are the ways in which an asking employee can stand to the person asked about, in the
// words of the scenarios.
var Relations = []string{
	"fremmed", "nabo", "segSelv", "ektefelle", "tidligereEktefelle", "forelder", "barn", "søsken", "fellesBarn", "sammeAdresse", "ukjent",
}

// Near reports whether the relation is one of those that habilitet keeps apart, or one that cannot be
// established.
func Near(relation string) bool { return relation != "fremmed" && relation != "nabo" }

// Numbers of the asking employee and of the two who stand between them and the person.
const (
	AskerNumber  = "11878510099"
	parentNumber = "03897649984"
	childNumber  = "21850999705"
)

// Circle makes the register documents that put an employee in the relation to the person of the
// document, and gives the employee and their circle; nil for the relation ukjent.
func Circle(relation string, of *person.Document) (person.ID, *person.Krets) {
	subject := of.Numbers()[0]
	asker, _ := person.ParseID(AskerNumber) // is valid
	kin := map[person.ID]*person.Document{}
	own := map[string]any{}
	related := func(number, role string) []any {
		return []any{map[string]any{"erGjeldende": true, "relatertPerson": number, "relatertPersonsRolle": role}}
	}
	between := func(number, role, back string) {
		id, _ := person.ParseID(number) // is valid
		own["familierelasjon"] = related(number, role)
		kin[id] = document(map[string]any{"familierelasjon": related(subject.Reveal(), back)})
	}
	switch relation {
	case "segSelv":
		return subject, person.NewKrets(of, nil)
	case "ukjent":
		return asker, nil
	case "ektefelle":
		own["familierelasjon"] = related(subject.Reveal(), "ektefelleEllerPartner")
	case "tidligereEktefelle":
		own["sivilstand"] = []any{map[string]any{"erGjeldende": false, "sivilstand": "gift", "relatertVedSivilstand": subject.Reveal()}}
	case "forelder":
		own["familierelasjon"] = related(subject.Reveal(), "barn")
	case "barn":
		own["familierelasjon"] = related(subject.Reveal(), "mor")
	case "søsken":
		between(parentNumber, "mor", "barn")
	case "fellesBarn":
		between(childNumber, "barn", "far")
	case "sammeAdresse", "nabo":
		home := strings.ReplaceAll(string(of.Root().Member("bostedsadresse").Raw()), `"erGjeldende": false`, `"erGjeldende": true`)
		if relation == "nabo" {
			home = strings.ReplaceAll(home, "H0101", "H0102")
		}
		if home != "" {
			own["bostedsadresse"] = json.RawMessage(home)
		}
	}
	return asker, person.NewKrets(document(own), kin)
}

func document(tree map[string]any) *person.Document {
	raw, _ := json.Marshal(tree)      // plain maps always encode
	d, _ := person.ParseDocument(raw) // and are documents
	return d
}
