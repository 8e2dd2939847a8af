package bestilling

import (
	"strings"

	"hjemmel/shared/policy/katalog"
)

// The closed lists of an order, in the register's spelling.
var (
	statuses = []string{"aktiv", "bosatt", "utflyttet", "doed", "inaktiv"}
	genders  = []string{"mann", "kvinne"}
	civil    = []string{"ugift", "gift", "enkeEllerEnkemann", "skilt", "separert", "registrertPartner", "separertPartner", "skiltPartner", "gjenlevendePartner", "uoppgitt"}
)

// maxKommuner bounds the municipalities of one list: each is an uttrekk of its own.
const maxKommuner = 50

func unknownKommune(k string) bool { return katalog.Kommuner()[k] == "" }

// Verdi is a value of a closed list.
type Verdi struct {
	Kode string `json:"kode"`
	Navn string `json:"navn"`
}

func values(of []string, names map[string]string) []Verdi {
	all := make([]Verdi, len(of))
	for i, kode := range of {
		all[i] = Verdi{strings.ToUpper(kode), names[kode]}
	}
	return all
}

var words = map[string]string{
	"aktiv": "Aktiv", "bosatt": "Bosatt", "utflyttet": "Utflyttet", "doed": "Død", "inaktiv": "Inaktiv", "mann": "Mann", "kvinne": "Kvinne",
	"ugift": "Ugift", "gift": "Gift", "enkeEllerEnkemann": "Enke eller enkemann", "skilt": "Skilt", "separert": "Separert",
	"registrertPartner": "Registrert partner", "separertPartner": "Separert partner", "skiltPartner": "Skilt partner",
	"gjenlevendePartner": "Gjenlevende partner", "uoppgitt": "Uoppgitt",
}

// Verdier are the closed lists of an order.
type Verdier struct {
	Status              []Verdi `json:"status"`
	Kjoenn              []Verdi `json:"kjoenn"`
	Sivilstand          []Verdi `json:"sivilstand"`
	TilhoerighetKommune []Verdi `json:"tilhorighetKommune"`
}

// NewVerdier gives them.
func NewVerdier() Verdier {
	return Verdier{values(statuses, words), values(genders, words), values(civil, words), []Verdi{{"BOSTED", "Bosted"}, {"OPPHOLD", "Opphold"}, {begge, "Bosted eller opphold"}}}
}
