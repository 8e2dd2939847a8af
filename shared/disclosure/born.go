package disclosure

import "hjemmel/shared/person"

// Foedt is a span of dates of birth, yyyy-mm-dd, both included.
type Foedt struct {
	Fra string `json:"fra"`
	Til string `json:"til"`
}

// holds reports whether a document shows that the person was born in the span. A document that shows no date
// shows no such thing.
func (f Foedt) holds(document []byte) bool {
	d, err := person.ParseDocument(document)
	if err != nil {
		return false
	}
	born := d.Root().Member("foedsel").Current().Written("foedselsdato")
	return born != "" && f.Fra <= born && born <= f.Til
}
