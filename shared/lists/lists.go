// Package lists is citizen lists (innbyggerlister) as records: what was ordered, by whom, how far it has
// come, what happened to it, and where its file lies.
//
// It refuses to bring a list out of an end state, to give a list a second file, and to keep persons in clear:
// what was ordered may name them, and what the pipeline remembers between two steps does, so both are sealed.
package lists

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Status is how far a list has come, in Fiks' words.
type Status string

// The statuses. The last two are ends.
const (
	Opprettet   Status = "OPPRETTET"    // ordered, nobody has been asked
	HosSkatt    Status = "HOS_SKATT"    // the register is finding persons
	FerdigSkatt Status = "FERDIG_SKATT" // the persons are found, and are being fetched
	Ferdig      Status = "FERDIG"       // the file can be had
	Feilet      Status = "FEILET"       // there will be no file
)

// after is what a status can become.
var after = map[Status][]Status{
	Opprettet:   {HosSkatt, FerdigSkatt, Feilet},
	HosSkatt:    {FerdigSkatt, Feilet},
	FerdigSkatt: {Ferdig, Feilet},
}

// Ended reports whether nothing will become of the list any more.
func (s Status) Ended() bool { return s == Ferdig || s == Feilet }

// Kilde is what a list was made of, in Fiks' words.
type Kilde string

// The sources.
const (
	Innbyggerliste Kilde = "innbyggerliste" // whom criteria fit; Fiks writes it in lower case
	Soek           Kilde = "SOEK"           // whom a search finds
	Listesoek      Kilde = "LISTESOEK"      // numbers or addresses that the orderer has
	Barnehage      Kilde = "BARNEHAGE"      // whom criteria fit, born within a year
)

// Liste is a list.
type Liste struct {
	ID        string `json:"id"`
	FiksOrgID string `json:"fiksOrgId"`
	RolleID   string `json:"rolleId"`
	// OpprettetAv is the id of the employee or the integration who ordered, Bestilling the order as the
	// corridor accepted it.
	OpprettetAv string          `json:"opprettetAv"`
	Bestilling  json.RawMessage `json:"bestilling"`
	Kilde       Kilde           `json:"kilde"`
	// Emne is what was ordered, and Forseglet the same as it is kept.
	Emne        `json:"-"`
	Forseglet   []byte `json:"forseglet"`
	Beskrivelse string `json:"beskrivelse,omitempty"`
	Formaal     string `json:"formaal,omitempty"`
	// Mal is the template, Malnavn the name of a saved one, Kolonner the columns in order, Filformat XLSX or CSV.
	Mal       string   `json:"mal"`
	Malnavn   string   `json:"malnavn,omitempty"`
	Kolonner  []string `json:"kolonner"`
	Filformat string   `json:"filformat"`
	// Maskinnavn is whether the columns' names stand below their headers.
	Maskinnavn bool `json:"maskinnavn,omitempty"`

	Status Status `json:"status"`
	// Godkjenning is nil where the list needs none.
	Godkjenning *Godkjenning `json:"godkjenning,omitempty"`
	// Grunnlag is the earlier list that this one tells the changes since; nil for most.
	Grunnlag *Grunnlag `json:"grunnlag,omitempty"`
	// TrukketTid is when the list was withdrawn. Nedlastinger are by the ids of those who had its file.
	TrukketTid   time.Time             `json:"trukket,omitzero"`
	Nedlastinger map[string]Nedlasting `json:"nedlastinger,omitempty"`
	// Feilkode and Feil say why there will be no file.
	Feilkode string `json:"feilkode,omitempty"`
	Feil     string `json:"feil,omitempty"`
	// Forsinket says since when and why it waits, while it does.
	Forsinket *Forsinkelse `json:"forsinket,omitempty"`
	// Rader are the rows so far. How many were found is nobody's to know: it would tell of those withheld.
	Rader int `json:"rader"`
	// Deler is how many pieces the persons found lie in; Gjort how many of them are fetched.
	Deler  int    `json:"deler,omitempty"`
	Gjort  int    `json:"gjort,omitempty"`
	Jobber []Jobb `json:"jobber,omitempty"`
	Fil    Fil    `json:"fil,omitzero"`
	// Salt is that of the manifest.
	Salt        []byte    `json:"salt"`
	Opprettet   time.Time `json:"opprettet"`
	SistEndret  time.Time `json:"sistOppdatert"`
	Utloepsdato time.Time `json:"utloepsdato"`

	over  store.Revision
	was   Status // as it was read
	rader int
}

// Emne is what a list is of. It may name persons and where they live, so it is kept sealed.
type Emne struct {
	// Sporsmaal is what the register is to be asked; null where the numbers are known.
	Sporsmaal json.RawMessage `json:"sporsmaal"`
	// Definisjon is what was ordered, as the one who ordered wrote it.
	Definisjon json.RawMessage `json:"definisjon"`
	// Kriterier is the same in words, a line each.
	Kriterier string `json:"kriterier"`
}

// Jobb is one extract (uttrekk) that the register makes for a list: what was asked and how much of it has been
// read.
type Jobb struct {
	Kommunenummer string `json:"kommunenummer"`
	// Opphold is whether it asks who stays there, and not who lives there.
	Opphold bool `json:"opphold,omitempty"`
	// ID is the register's; "" before it was asked.
	ID    string `json:"id,omitempty"`
	Lest  int    `json:"lest"` // batches
	Slutt bool   `json:"slutt,omitempty"`
	// Igjen is whether it was ordered anew because the register had it no longer.
	Igjen bool `json:"igjen,omitempty"`
}

// Forsinkelse is why a list waits.
type Forsinkelse struct {
	Siden   time.Time `json:"siden"`
	Grunn   string    `json:"grunn"`
	Forsoek int       `json:"forsoek"`
}

// Grunnlag is a list that changes are counted from.
type Grunnlag struct {
	ID string `json:"id"`
	// Deler is how many pieces its rows lie in, Gjort how many of them are compared.
	Deler int `json:"deler"`
	Gjort int `json:"gjort"`
}

// Fil is a list's file.
type Fil struct {
	// Noekkel is where it lies among the blobs.
	Noekkel  string `json:"noekkel"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`   // of the bytes
	Manifest string `json:"manifest"` // of the rows
}

// Keys. Ids are UUIDs of our own making.
func key(id string) string             { return "liste/" + id }
func roleKey(l *Liste) string          { return rolePrefix(l.RolleID) + l.ID }
func rolePrefix(rolleID string) string { return "rolleliste/" + rolleID + "/" }
func expiryKey(at time.Time, id string) string {
	return expiryPrefix + at.UTC().Format(time.DateOnly) + "/" + id
}
func partKey(id string, nr int) string { return fmt.Sprintf("listedel/%s/%06d", id, nr) }
func personsKey(l *Liste, nr int) string {
	return fmt.Sprintf("%s%s/%06d", personsPrefix(l.FiksOrgID), l.ID, nr)
}
func rowsKey(id string, nr int) string { return fmt.Sprintf("listerader/%s/%06d", id, nr) }

const expiryPrefix = "listeutloep/"

// ErrState is told of a step that the list's status does not allow, such as a second end.
var ErrState = errors.New("lists: not in this status")

// Order gives the writes of a new list, and of the numbers that it is of, where they are known.
func (b *Book) Order(l *Liste, now time.Time, numre ...person.ID) ([]store.Op, error) {
	l.Status, l.Opprettet, l.SistEndret, l.Deler = Opprettet, stamp(now), stamp(now), 0
	var ops []store.Op
	for part := range slices.Chunk(numre, PartSize) {
		op, err := b.PutPart(l, l.Deler, part)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
		l.Deler++
	}
	var err error
	if l.Forseglet, err = b.seal(key(l.ID), l.Emne); err != nil {
		return nil, err
	}
	op, err := store.Write(key(l.ID), l, "")
	if err != nil {
		return nil, err
	}
	ops = append(ops, op, store.Create(roleKey(l), nil), store.Create(expiryKey(l.Utloepsdato, l.ID), nil))
	happened, err := l.happened(Startet, now)
	return append(ops, happened...), err
}

// Save gives the writes of the list as it is now, over the one that was read, with an event where its status
// or its rows changed. Other steps make none: how many there are would tell of those withheld.
func (l *Liste) Save(to Status, now time.Time) ([]store.Op, error) {
	if l.over == "" || to != l.Status && !slices.Contains(after[l.Status], to) {
		return nil, ErrState
	}
	l.Status, l.SistEndret = to, stamp(now)
	op, err := store.Write(key(l.ID), l, l.over)
	if err != nil {
		return nil, err
	}
	if to == l.was && l.Rader == l.rader {
		return []store.Op{op}, nil
	}
	kind, ended := map[Status]Slag{Ferdig: Fullfoert, Feilet: Mislyktes}[to]
	if !ended {
		kind = Fremgang
	}
	happened, err := l.happened(kind, now)
	return append([]store.Op{op}, happened...), err
}

func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// plain reports whether s can be part of a key.
func plain(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}
