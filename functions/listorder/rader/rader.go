// Package rader reads the CSV that a list is ordered by: numbers of persons, or addresses, a row each. It tells of
// every row that cannot be used by its line and why, and never what stands there.
//
// It refuses a file that is not text, that has other columns than it should, that ends inside quotation marks, or
// that has too many rows: of such a file nobody can say which rows there are. A cell that a spreadsheet would
// take for a formula is no value.
package rader

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"hjemmel/shared/api"
	"hjemmel/shared/api/personsoek"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/person"
)

// Slag is what the rows hold, in Fiks' words (listesoekType).
type Slag string

// What rows can hold, and the columns: the number, or street and kommune, with the house where it is known.
const (
	Personidentifikator Slag = "PERSONIDENTIFIKATOR" // personidentifikator
	Adresse             Slag = "ADRESSE"             // adressenavn;husnummer;kommunenummer
)

// Bounds of a file.
const (
	MaksBytes    = 8 << 20
	MaksNumre    = 100_000
	MaksAdresser = 1000 // each is a search in the register
	maksFeil     = 1000 // rows that are told of one by one
)

// columns are those of each kind of file; optional may be left out.
var (
	columns  = map[Slag][]string{Personidentifikator: {"personidentifikator"}, Adresse: {"adressenavn", "husnummer", "kommunenummer"}}
	optional = "husnummer"
)

// Rapport is what was read. It holds lines and codes, and nothing that stands in the file.
type Rapport struct {
	// Tegnsett is UTF-8 or Windows-1252, as it was read.
	Tegnsett string `json:"tegnsett"`
	// Rader are the rows that are not empty, Brukt those that are used, Duplikater those that stand there before.
	Rader      int `json:"rader"`
	Brukt      int `json:"brukt"`
	Duplikater int `json:"duplikater"`
	// Feil are the rows that cannot be used, the first thousand; AntallFeil counts all of them.
	AntallFeil int    `json:"antallFeil"`
	Feil       []Feil `json:"feil"`
}

// Feil is why a row cannot be used. The first line of the file, with the columns, is 1.
type Feil struct {
	Linje int    `json:"linje"`
	Kode  string `json:"kode"`
	Tekst string `json:"tekst"`
}

// Fil is a file that was read: numbers or addresses, each once, in its order.
type Fil struct {
	Rapport  Rapport
	Numre    []person.ID
	Adresser []disclosure.Sought
}

// Why a file cannot be used.
var (
	errText   = fault.New(fault.Invalid, "CSV_IKKE_TEKST", "Filen er ikke tekst. Lagre den som «CSV UTF-8».")
	errHeader = fault.New(fault.Invalid, "CSV_FEIL_KOLONNER", "Første linje må ha navnene på kolonnene, og ingen andre kolonner.")
	errQuotes = fault.New(fault.Invalid, "CSV_ULESELIG", "Filen kan ikke leses: anførselstegn er åpnet og ikke lukket, står midt i en verdi, eller en verdi går over flere linjer.")
	errEmpty  = fault.New(fault.Invalid, "CSV_TOM", "Filen har ingen rader under kolonnenavnene.")
	errMany   = fault.New(fault.TooLarge, "CSV_FOR_MANGE_RADER", "Filen har for mange rader: det kan være 100 000 personer eller 1000 adresser.")
)

// Why a row cannot be used, beside what is wrong with a number.
var (
	cells   = Feil{Kode: "RAD_FEIL_ANTALL", Tekst: "Raden har ikke én verdi for hver kolonne."}
	formula = Feil{Kode: "RAD_FORMEL", Tekst: "Raden har en verdi som et regneark tar for en formel."}
	address = Feil{Kode: "RAD_UGYLDIG_ADRESSE", Tekst: "Raden har ikke en adresse: adressenavn på minst tre tegn, husnummer som 10 eller 10B, og et kommunenummer som finnes."}
)

// Read reads a file. Rows that cannot be used are told of in the report and are no error.
func Read(raw []byte, of Slag, numbers api.Numbers) (Fil, error) {
	text, charset, err := decode(raw)
	if err != nil {
		return Fil{}, err
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.ReuseRecord = separator(text), -1, true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return Fil{}, errEmpty
	}
	places, ok := arrangement(header, of)
	if err != nil || !ok {
		return Fil{}, errHeader.About(columns[of]...)
	}
	r := reader{of: of, numbers: numbers, places: places, width: len(header), seen: map[any]bool{}}
	r.Rapport.Tegnsett, r.Rapport.Feil = charset, []Feil{}
	return r.all(in)
}

// decode gives the text of a file as UTF-8. What cannot be that is read as Windows-1252, which Excel saves.
func decode(raw []byte) (text []byte, charset string, err error) {
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	switch {
	case bytes.IndexByte(raw, 0) >= 0 || bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) || bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return nil, "", errText
	case utf8.Valid(raw):
		return raw, "UTF-8", nil
	}
	text, err = charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, "", errText
	}
	return text, "Windows-1252", nil
}

// separator is the semicolon that Norwegian Excel writes, unless the first line has commas or tabs in its place.
func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	for _, c := range ";,\t" {
		if bytes.ContainsRune(line, c) {
			return c
		}
	}
	return ';'
}

// arrangement finds where each column stands; ok is false where one is missing, unknown, or there twice.
func arrangement(header []string, of Slag) (places map[string]int, ok bool) {
	places = map[string]int{}
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(h))
		if _, twice := places[h]; twice || !slices.Contains(columns[of], h) {
			return nil, false
		}
		places[h] = i
	}
	for _, c := range columns[of] {
		if _, there := places[c]; !there && c != optional {
			return nil, false
		}
	}
	return places, true
}

// reader reads the rows of a file.
type reader struct {
	Fil
	of      Slag
	numbers api.Numbers
	places  map[string]int
	width   int
	seen    map[any]bool
}

func (r *reader) all(in *csv.Reader) (Fil, error) {
	most := map[Slag]int{Personidentifikator: MaksNumre, Adresse: MaksAdresser}[r.of]
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || slices.ContainsFunc(row, func(cell string) bool { return strings.ContainsAny(cell, "\r\n") }) {
			return Fil{}, errQuotes
		}
		if !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue
		}
		if r.Rapport.Rader++; r.Rapport.Rader > most {
			return Fil{}, errMany
		}
		if wrong, ok := r.row(row); !ok {
			wrong.Linje, _ = in.FieldPos(0)
			r.refuse(wrong)
		}
	}
	if r.Rapport.Rader == 0 {
		return Fil{}, errEmpty
	}
	r.Rapport.Brukt = len(r.Numre) + len(r.Adresser)
	return r.Fil, nil
}

func (r *reader) refuse(wrong Feil) {
	if r.Rapport.AntallFeil++; len(r.Rapport.Feil) < maksFeil {
		r.Rapport.Feil = append(r.Rapport.Feil, wrong)
	}
}

// row takes a row, or says why not.
func (r *reader) row(row []string) (wrong Feil, ok bool) {
	if len(row) != r.width {
		return cells, false
	}
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
		if strings.ContainsAny(row[i][:min(1, len(row[i]))], "=+-@") {
			return formula, false
		}
	}
	if r.of == Adresse {
		return address, r.address(row)
	}
	id, err := r.numbers.Parse(strings.ReplaceAll(row[0], " ", ""))
	if err != nil {
		f := fault.Of(err)
		return Feil{Kode: f.Code, Tekst: f.Detail}, false
	}
	if !r.twice(id) {
		r.Numre = append(r.Numre, id)
	}
	return Feil{}, true
}

func (r *reader) address(row []string) bool {
	cell := func(column string) string {
		if i, there := r.places[column]; there {
			return row[i]
		}
		return ""
	}
	s, ok := Sted(cell("adressenavn"), cell("husnummer"), cell("kommunenummer"), r.numbers)
	if ok && !r.twice(strings.ToUpper(s.By["adressenavn"]+"\x00"+s.By["husnummer"]+"\x00"+s.By["kommunenummer"])) {
		r.Adresser = append(r.Adresser, s)
	}
	return ok
}

// Sted is who lives at an address; ok is false where it cannot be one. Husnummer may be empty.
func Sted(adressenavn, husnummer, kommunenummer string, numbers api.Numbers) (s disclosure.Sought, ok bool) {
	s, err := personsoek.Definisjon{Adressenavn: adressenavn, Husnummer: husnummer, Kommunenummer: kommunenummer}.Sought(numbers)
	return s, err == nil && adressenavn != "" && kommunenummer != ""
}

// twice counts what stands there before.
func (r *reader) twice(what any) bool {
	if r.seen[what] {
		r.Rapport.Duplikater++
		return true
	}
	r.seen[what] = true
	return false
}
