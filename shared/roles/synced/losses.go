package synced

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/store"
)

// Loss (bortfall) is that somebody lost access because an identity system said so: when it called, and when the
// change was written. From then on it holds here, and in every other process within the two seconds that records
// are remembered.
type Loss struct {
	FiksOrgID string    `json:"fiksOrgId"`
	KildeID   string    `json:"kildeId"`
	Aarsak    string    `json:"aarsak"` // DEAKTIVERT, SLETTET, UT_AV_GRUPPE
	AktorIDer []string  `json:"aktorIder"`
	Mottatt   time.Time `json:"mottatt"`
	Lagret    time.Time `json:"lagret"`
}

// lossPrefix orders the newest first.
func lossPrefix(fiksOrgID string) string { return "synkbortfall/" + fiksOrgID + "/" }

// PutLoss gives the write of a loss. It names at most 100 actors.
func PutLoss(l Loss) (store.Op, error) {
	if len(l.AktorIDer) > 100 {
		l.AktorIDer = l.AktorIDer[:100]
	}
	l.Mottatt, l.Lagret = Moment(l.Mottatt), Moment(l.Lagret)
	return store.Write(fmt.Sprintf("%s%015d-%s", lossPrefix(l.FiksOrgID), int64(1e14)-l.Lagret.UnixMilli(), uuid.NewString()), l, "")
}

// Losses lists the newest losses of an organisation, at most most of them.
func (b *Book) Losses(ctx context.Context, fiksOrgID string, most int) ([]Loss, error) {
	if !IsID(fiksOrgID) {
		return nil, nil
	}
	records, err := b.store.Scan(ctx, lossPrefix(fiksOrgID), "", most)
	if err != nil {
		return nil, err
	}
	all := make([]Loss, len(records))
	for i, r := range records {
		if all[i], err = store.Value[Loss](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}
