package api

import (
	"encoding/json"
	"net/http"
	"time"

	"hjemmel/shared/disclosure"
	"hjemmel/shared/policy"
)

// Noedtilgang is a holder's widening of a role for some hours.
type Noedtilgang struct {
	ID           string    `json:"id"`
	RolleID      string    `json:"rolleId"`
	Rolleversjon int       `json:"rolleversjon"`
	Aktor        string    `json:"aktor"`
	Grunn        string    `json:"grunn"`
	Fra          time.Time `json:"fra"`
	Til          time.Time `json:"til"`
}

// NewNoedtilgang shows a nødtilgang.
func NewNoedtilgang(n policy.Noedtilgang) Noedtilgang {
	return Noedtilgang{n.ID, n.RolleID, n.Rolleversjon, n.AktorID, n.Grunn, n.Fra.UTC(), n.Til.UTC()}
}

// ReadGrunn reads {"grunn": "…"}.
func ReadGrunn(r *http.Request) (string, error) {
	var body struct {
		Grunn string `json:"grunn"`
	}
	err := readJSON(r, &body)
	return body.Grunn, err
}

// WriteWidening sends a nødtilgang that was just opened.
func WriteWidening(w http.ResponseWriter, x disclosure.Widening) error {
	b, err := json.Marshal(NewNoedtilgang(x.Noedtilgang))
	if err != nil {
		return err
	}
	return write(w, x.Receipt, b)
}

// WriteWidenings sends a list of nødtilganger.
func WriteWidenings(w http.ResponseWriter, all []policy.Noedtilgang) error {
	body := struct {
		Noedtilganger []Noedtilgang `json:"noedtilganger"`
	}{[]Noedtilgang{}}
	for _, n := range all {
		body.Noedtilganger = append(body.Noedtilganger, NewNoedtilgang(n))
	}
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return WriteJSON(w, b)
}
