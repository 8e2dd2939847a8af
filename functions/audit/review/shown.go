package review

import (
	"hjemmel/shared/audit/avvik"
	"hjemmel/shared/policy/katalog"
)

// page is findings in the order of time, oldest first.
type page struct {
	FiksOrgID string  `json:"fiksOrgId"`
	Avvik     []shown `json:"avvik"`
	Neste     string  `json:"neste,omitempty"` // the markoer of the next page; without it there is no more
}

// shown is a finding as it is shown, with its reasons in words.
type shown struct {
	avvik.Avvik
	Status  string  `json:"status"`
	Grunner []grunn `json:"grunner"`
}

type grunn struct {
	avvik.Grunn
	Tekst katalog.Text `json:"tekst"`
}

// show leaves out by which pseudonyms reviewers are told apart.
func show(a avvik.Avvik) shown {
	s := shown{Avvik: a, Status: "AAPENT", Grunner: make([]grunn, len(a.Grunner))}
	for i, g := range a.Grunner {
		s.Grunner[i] = grunn{g, g.Tekst()}
	}
	for _, of := range []struct {
		status string
		came   bool
	}{{"TATT", a.TattAv != ""}, {"FORESLAATT", a.Forslag != nil}, {"LUKKET", a.Lukking != nil}} {
		if of.came {
			s.Status = of.status
		}
	}
	s.Forslag, s.Lukking = anonymous(a.Forslag), anonymous(a.Lukking)
	return s
}

func anonymous(v *avvik.Vurdering) *avvik.Vurdering {
	if v == nil {
		return nil
	}
	shown := *v
	shown.Person = ""
	return &shown
}
