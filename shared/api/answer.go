package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"hjemmel/shared/api/oppvekst"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/person"
)

// ReceiptHeader carries the receipt (kvittering) of an answer or a refusal.
const ReceiptHeader = "Hjemmel-Kvittering"

// ErrNoReceipt is what a writer gives for an answer that was never written down: nothing is sent.
var ErrNoReceipt = errors.New("api: no receipt, no answer")

// WritePerson sends one redacted register document.
func WritePerson(w http.ResponseWriter, d disclosure.Disclosure) error {
	return write(w, d.Receipt, d.JSON)
}

// WriteBulk sends the answers of a bulk lookup in the register's form.
func WriteBulk(w http.ResponseWriter, b disclosure.Batch) error {
	size := 64
	for _, a := range b.Answers {
		size += len(a.JSON) + 128
	}
	out, err := appendAnswers(append(make([]byte, 0, size), `{"oppslag":[`...), b.Answers)
	if err != nil {
		return err
	}
	return write(w, b.Receipt, append(out, `]}`...))
}

func appendAnswers(out []byte, answers []disclosure.Answer) ([]byte, error) {
	for i, a := range answers {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, `{"foedselsEllerDNummer":"`...), a.ID.Reveal()...), '"')
		if a.Feil != nil {
			text, err := json.Marshal(a.Feil.Detail)
			if err != nil {
				return nil, err
			}
			out = append(append(append(out, `,"feilmelding":{"feilmelding":`...), text...), `}}`...)
			continue
		}
		out = append(append(append(out, `,"folkeregisterperson":`...), a.JSON...), '}')
	}
	return out, nil
}

// WriteOppvekst sends the children that may be told of, flattened, with those who have parental
// responsibility for them.
func WriteOppvekst(w http.ResponseWriter, f disclosure.Family) error {
	persons := map[person.ID]*person.Document{}
	for _, a := range f.Ansvarlige {
		if a.JSON == nil {
			continue
		}
		d, err := person.ParseDocument(a.JSON)
		if err != nil {
			return err
		}
		persons[a.ID] = d
	}
	out := []byte{'['}
	for _, a := range f.Barn.Answers {
		if a.JSON == nil {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		var err error
		if out, err = oppvekst.Append(out, a.ID.Reveal(), a.JSON, persons); err != nil {
			return err
		}
	}
	return write(w, f.Barn.Receipt, append(out, ']'))
}

// WriteHits sends the numbers that a search found.
func WriteHits(w http.ResponseWriter, h disclosure.Hits) error {
	return write(w, h.Receipt, append(appendIDs([]byte(`{"foedselsEllerDNummer":[`), h.IDs), `]}`...))
}

func appendIDs(out []byte, ids []person.ID) []byte {
	for i, id := range ids {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), id.Reveal()...), '"')
	}
	return out
}

// write is the last step of the corridor.
func write(w http.ResponseWriter, receipt audit.Receipt, body []byte) error {
	if !receipt.Valid() {
		return ErrNoReceipt
	}
	w.Header().Set(ReceiptHeader, receipt.String())
	return WriteJSON(w, body)
}

// WritePDF sends a document about a person as a file to keep. Its name says nothing of the person. A
// caller who does not ask for application/pdf is given bytes, as Fiks does.
func WritePDF(w http.ResponseWriter, r *http.Request, receipt audit.Receipt, pdf []byte) error {
	if !receipt.Valid() {
		return ErrNoReceipt
	}
	h := w.Header()
	h.Set(ReceiptHeader, receipt.String())
	h.Set("Content-Type", "application/octet-stream")
	if strings.Contains(r.Header.Get("Accept"), "application/pdf") {
		h.Set("Content-Type", "application/pdf")
	}
	h.Set("Content-Disposition", `attachment; filename="folkeregisteret.pdf"`)
	_, err := w.Write(pdf)
	return err
}

// WriteJSON sends a body that is about no person.
func WriteJSON(w http.ResponseWriter, body []byte) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(body)
	return err
}

// WriteRefusalReceipt gives the receipt of a refusal that was written down, so that the caller can
// ask about it later.
func WriteRefusalReceipt(w http.ResponseWriter, err error) {
	if r, ok := errors.AsType[*disclosure.Refusal](err); ok {
		w.Header().Set(ReceiptHeader, r.Receipt.String())
	}
}
