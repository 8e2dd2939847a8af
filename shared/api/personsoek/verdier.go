package personsoek

// Verdi is a value of a closed list, with words for people.
type Verdi struct {
	Kode         string `json:"kode"`
	Visningsnavn string `json:"visningsnavn"`
	Beskrivelse  string `json:"beskrivelse"`
}

// Verdier are the closed lists of a search.
var Verdier = struct {
	Kjoenn []Verdi `json:"kjoenn"`
}{[]Verdi{{"MANN", "Mann", "Registrert som mann"}, {"KVINNE", "Kvinne", "Registrert som kvinne"}}}
