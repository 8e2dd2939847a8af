package lists

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/store"
)

// Hendelse is something that happened to a list. The numbers of a role's events grow with time.
type Hendelse struct {
	Nr        int64     `json:"nr"`
	Slag      Slag      `json:"slag"`
	ListeID   string    `json:"listeId"`
	FiksOrgID string    `json:"fiksOrgId"`
	RolleID   string    `json:"rolleId"`
	Rader     int       `json:"rader"`
	Tid       time.Time `json:"tid"`
	Feil      string    `json:"feil,omitempty"`
}

// Slag is what sort of event it is.
type Slag string

// The sorts.
const (
	Startet   Slag = "STARTET"
	Fremgang  Slag = "FREMGANG"
	Fullfoert Slag = "FERDIG"
	Mislyktes Slag = "FEILET"
	Trukket   Slag = "TRUKKET"
)

func eventPrefix(rolleID string) string { return "listehendelse/" + rolleID + "/" }

// happened gives the write of an event. Its number is the time, in microseconds since 1970, and two of a
// role's at the same one make a conflict: then the step is tried again.
func (l *Liste) happened(s Slag, now time.Time) ([]store.Op, error) {
	h := Hendelse{now.UnixMicro(), s, l.ID, l.FiksOrgID, l.RolleID, l.Rader, stamp(now), l.Feil}
	op, err := store.Write(fmt.Sprintf("%s%016d", eventPrefix(l.RolleID), h.Nr), h, "")
	return []store.Op{op}, err
}

// Hendelser lists what happened to the lists of a role after an event, at most limit, oldest first.
func (b *Book) Hendelser(ctx context.Context, rolleID string, siden int64, limit int) ([]Hendelse, error) {
	if !plain(rolleID) {
		return nil, nil
	}
	prefix := eventPrefix(rolleID)
	records, err := b.store.Scan(ctx, prefix, fmt.Sprintf("%s%016d", prefix, max(0, siden)), limit)
	if err != nil {
		return nil, err
	}
	all := make([]Hendelse, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Hendelse](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ParseHendelse reads a Last-Event-ID; ok is false where it is none of ours.
func ParseHendelse(s string) (nr int64, ok bool) {
	nr, err := strconv.ParseInt(s, 10, 64)
	return nr, err == nil && nr >= 0 && len(strings.TrimSpace(s)) == len(s)
}
