package fregsim

import (
	"bufio"
	"cmp"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"sync"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/person"
)

// MaxIDs is how many persons one bulkoppslag may ask for.
const MaxIDs = 1000

const maxBody = 1 << 20

// desk is the memory that one answer is written in.
type desk struct {
	builder document.Builder
	out     []byte
}

var desks = sync.Pool{New: func() any { return &desk{} }}

// find gives the document of the number. former is true when the number is opphoert.
func (s *Server) find(d *desk, digits string) (doc *document.Document, former, ok bool) {
	if held, ok := s.folder[digits]; ok {
		return held.doc, held.former, true
	}
	return s.config.Population.Document(&d.builder, digits)
}

// lookup answers personer/{id}.
func (s *Server) lookup(c call) {
	selection, ok := c.selection()
	if !ok {
		return
	}
	c.note(func(r *Request) { r.IDs = 1 })
	digits := c.r.PathValue("id")
	if _, err := person.ParseID(digits); err != nil {
		c.fail(http.StatusBadRequest, "Ugyldig fødselsnummer eller d-nummer.")
		return
	}
	s.send(c, selection, digits)
}

func (s *Server) send(c call, selection document.Selection, digits string) {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	doc, _, ok := s.find(d, digits)
	if !ok {
		c.fail(http.StatusNotFound, "Ukjent person.")
		return
	}
	d.out = selection.Append(d.out[:0], doc)
	_, _ = c.w.Write(d.out)
}

// bulk answers personer/bulkoppslag.
func (s *Server) bulk(c call) {
	selection, ok := c.selection()
	if !ok {
		return
	}
	if kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind != "application/json" {
		c.fail(http.StatusBadRequest, "Innholdet må være JSON, og Content-Type må si det.")
		return
	}
	var body struct {
		FoedselsEllerDNummer []string `json:"foedselsEllerDNummer"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, maxBody)).Decode(&body); err != nil {
		c.fail(http.StatusBadRequest, "Innholdet er ikke gyldig JSON.")
		return
	}
	ids := body.FoedselsEllerDNummer
	c.note(func(r *Request) { r.IDs = len(ids) })
	if len(ids) > MaxIDs {
		c.fail(http.StatusBadRequest, "Det kan bes om høyst 1000 personer om gangen.")
		return
	}
	asOrdered := c.r.URL.Query().Get("somBestilt") == "true"
	if !asOrdered {
		ids = shuffle(ids)
	}
	s.stream(c, selection, ids, asOrdered)
}

// stream writes a bulk answer person by person.
func (s *Server) stream(c call, selection document.Selection, ids []string, asOrdered bool) {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	w := bufio.NewWriterSize(c.w, 64<<10)
	_, _ = w.WriteString(`{"oppslag":[`)
	for i, id := range ids {
		d.out = d.out[:0]
		if i > 0 {
			d.out = append(d.out, ',')
		}
		d.out = append(d.out, `{"foedselsEllerDNummer":`...)
		d.out = appendText(d.out, id)
		doc, former, ok := s.find(d, id)
		if ok && !(asOrdered && former) {
			d.out = append(selection.Append(append(d.out, `,"folkeregisterperson":`...), doc), '}')
		} else {
			d.out = append(d.out, `,"feilmelding":{"feilmelding":"Fant ingen person med denne identifikatoren"}}`...)
		}
		if _, err := w.Write(d.out); err != nil {
			return
		}
	}
	_, _ = w.WriteString(`]}`)
	_ = w.Flush()
}

// shuffle gives the ids once each, in another order than they were asked for: by their last digits.
func shuffle(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	out = slices.Compact(out)
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(a[len(a)/2:], b[len(b)/2:]) })
	if len(out) > 1 && slices.Equal(out, ids) {
		out[0], out[1] = out[1], out[0]
	}
	return out
}
