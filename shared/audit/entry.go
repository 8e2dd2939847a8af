// Package audit writes down, before anything leaves, who was told what about whom, on which legal
// basis, and who was refused.
//
// An [Entry] says which elements were asked and delivered by code, never a value from the register.
// The person asked about appears as a keyed pseudonym and as a sealed number, both under a key of
// the organisation's own: without it the log tells nobody whom an employee looked up. [Log.Append]
// makes entries durable and gives a [Receipt], and without a Receipt nothing can be answered.
//
// It refuses to answer "probably written": an append whose outcome is unknown is a failure, and the
// writer starts a new sequence so that a gap in a sequence always means a missing entry.
package audit

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Entry is one line of the log: one disclosed person, one denial, one search. Its JSON form is the
// canonical form that the commitment covers; field order and names are final.
type Entry struct {
	// Skriver and Nr identify the entry: a writer's sequence has no gaps.
	Skriver string `json:"skriver"`
	Nr      uint64 `json:"nr"`
	// Tid is when it was written, UTC, to the microsecond.
	Tid time.Time `json:"tid"`
	// FiksOrgID is the organisation the entry belongs to; "plattform" where none is known.
	FiksOrgID string `json:"fiksOrgId"`
	// Aktor is the employee's or integration's id, PaaVegneAv the integration an employee used.
	Aktor      string `json:"aktor,omitempty"`
	PaaVegneAv string `json:"paaVegneAv,omitempty"`
	// Rolle and Rolleversjon are the role in the very version that was judged by.
	Rolle           string   `json:"rolle,omitempty"`
	Rolleversjon    int      `json:"rolleversjon,omitempty"`
	Tjenesteomraade string   `json:"tjenesteomraade,omitempty"`
	Hjemler         []string `json:"hjemler,omitempty"`
	// Formaal is the purpose or case that the caller stated, Bekreftelse the reason for opening a
	// graded address. Both are the caller's words.
	Formaal     string `json:"formaal,omitempty"`
	Bekreftelse string `json:"bekreftelse,omitempty"`
	// Handling is what was done: oppslag, bulkoppslag, soek, entydigsoek; avslagsinnsyn when somebody is
	// told why a request was refused; noedtilgang when a role was widened; and the changes that
	// administrators and operators make: rolle-endret, integrasjon-passord.
	Handling string `json:"handling"`
	// Subjekt is the pseudonym of the person, ForseglingAv the sealed number; set by the log.
	Subjekt      string `json:"subjekt,omitempty"`
	ForseglingAv []byte `json:"forseglet,omitempty"`
	// Spurt and Levert are codes of elements, Parametre names of search parameters.
	Spurt     []string `json:"spurt,omitempty"`
	Levert    []string `json:"levert,omitempty"`
	Parametre []string `json:"parametre,omitempty"`
	// Treff is the number of hits of a search.
	Treff *int `json:"treff,omitempty"`
	// Avdekket is true when a graded address left.
	Avdekket bool `json:"avdekket,omitempty"`
	// Utfall is the outcome, Regler the rules that refused, withheld or were set aside, Feilkode the answer's code.
	Utfall    Utfall   `json:"utfall"`
	Regler    []string `json:"regler,omitempty"`
	Feilkode  string   `json:"feilkode,omitempty"`
	RequestID string   `json:"requestId,omitempty"`
	// Overstyring is the employee's reason for asking about close family, in their own words.
	Overstyring string `json:"overstyring,omitempty"`
	// Gjelder is the id of the employee, integration or group whose access was changed, of the list that
	// an entry is for, or the code of what else was changed. Endret are the names of what was changed in
	// it, never the values.
	Gjelder string   `json:"gjelder,omitempty"`
	Endret  []string `json:"endret,omitempty"`
	// Part are the values of part that the caller named, those that we know; without any the ask was for
	// what the role gives of person-basis. Spurt is what became of them.
	Part []string `json:"part,omitempty"`
	// Runder is how many searches the register was asked for where it was more than one.
	Runder int `json:"runder,omitempty"`

	// Person is whom the entry is about. It is not part of the canonical form.
	Person person.ID `json:"-"`
}

// ID names the entry: {skriver}-{nr}.
func (e Entry) ID() string { return entryID(e.Skriver, e.Nr) }

// Utfall is how it went.
type Utfall string

// The outcomes.
const (
	Utlevert  Utfall = "UTLEVERT"   // something left
	IngenData Utfall = "INGEN_DATA" // no such person, or no hits
	Avslag    Utfall = "AVSLAG"     // refused
	Gitt      Utfall = "GITT"       // an access was given; nothing left
	Feilet    Utfall = "FEILET"     // the register or we failed; nothing left
	Utfoert   Utfall = "UTFOERT"    // a change was made
)

// TooLong stands for a purpose or reason that was refused because of its length.
const TooLong = "…"

// Platform is the organisation of entries about callers whom we do not know.
const Platform = "plattform"

// canonical gives the bytes that the commitment covers.
func (e Entry) canonical() ([]byte, error) { return json.Marshal(e) }

// Record is what the store holds of an entry: the canonical bytes, the salt that hides them, and the
// commitment to both. Erasing an entry removes the first two and keeps the third.
type Record struct {
	Innslag  json.RawMessage `json:"innslag,omitempty"`
	Salt     []byte          `json:"salt,omitempty"`
	Forplikt []byte          `json:"forpliktelse"`
}

// appendTo gives the record as JSON. The entry's own bytes stand in it untouched: the encoder of the
// standard library would read them through once more.
func (r Record) appendTo(b []byte) []byte {
	b = append(append(b, `{"innslag":`...), r.Innslag...)
	b = base64.StdEncoding.AppendEncode(append(b, `,"salt":"`...), r.Salt)
	b = base64.StdEncoding.AppendEncode(append(b, `","forpliktelse":"`...), r.Forplikt)
	return append(b, `"}`...)
}

// maxStack bounds a stack in bytes, below what the store takes in one value.
const maxStack = 600_000

// stack gathers records into values of the store: JSON arrays of records.
type stack struct {
	done     []store.Op
	key      string
	open     []byte
	unsealed Unsealed
}

func (s *stack) add(e Entry, r Record) {
	if len(s.open) > maxStack {
		s.shut()
	}
	if s.open == nil {
		s.key, s.open = Key(e.Skriver, e.Nr), append(make([]byte, 0, len(r.Innslag)+200), '[')
		s.unsealed = Unsealed{Skriver: e.Skriver, Nr: e.Nr, Tid: e.Tid}
	} else {
		s.open = append(s.open, ',')
	}
	s.open = r.appendTo(s.open)
	s.unsealed.Commitments = append(s.unsealed.Commitments, r.Forplikt)
}

func (s *stack) shut() {
	if s.open != nil {
		s.done = append(s.done, store.Create(s.key, append(s.open, ']')), s.unsealed.create())
		s.open = nil
	}
}

func (s *stack) ops() []store.Op {
	s.shut()
	return s.done
}

// Records splits a stored stack into its records, each to be read with [Open].
func Records(value []byte) ([][]byte, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(value, &raw); err != nil || len(raw) == 0 { // nobody writes an empty one
		return nil, ErrTampered
	}
	records := make([][]byte, len(raw))
	for i, r := range raw {
		records[i] = r
	}
	return records, nil
}
