package listorder

import (
	"net/http"
	"slices"
	"strings"

	"hjemmel/shared/api"
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

// value is a value of a closed list.
type value struct {
	Kode string `json:"kode"`
	Navn string `json:"navn"`
}

func values(of []string, names map[string]string) []value {
	all := make([]value, len(of))
	for i, kode := range of {
		all[i] = value{strings.ToUpper(kode), names[kode]}
	}
	return all
}

var words = map[string]string{
	"aktiv": "Aktiv", "bosatt": "Bosatt", "utflyttet": "Utflyttet", "doed": "Død", "inaktiv": "Inaktiv", "mann": "Mann", "kvinne": "Kvinne",
	"ugift": "Ugift", "gift": "Gift", "enkeEllerEnkemann": "Enke eller enkemann", "skilt": "Skilt", "separert": "Separert",
	"registrertPartner": "Registrert partner", "separertPartner": "Separert partner", "skiltPartner": "Skilt partner",
	"gjenlevendePartner": "Gjenlevende partner", "uoppgitt": "Uoppgitt",
}

// values answers what an order can be made of. It depends on nobody.
func (o *orders) values(e *errand) error {
	return api.Write(e.w, http.StatusOK, struct {
		Status              []value `json:"status"`
		Kjoenn              []value `json:"kjoenn"`
		Sivilstand          []value `json:"sivilstand"`
		TilhoerighetKommune []value `json:"tilhorighetKommune"`
	}{
		values(statuses, words), values(genders, words), values(civil, words),
		slices.Clone([]value{{"BOSTED", "Bosted"}, {"OPPHOLD", "Opphold"}}),
	})
}
