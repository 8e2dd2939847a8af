package disclosure

import (
	"context"

	"hjemmel/shared/audit"
	"hjemmel/shared/freg"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// DiscloseLeft tells that up to [freg.MaxBulk] persons of an earlier list of the same order are not on this one, by
// the number that the earlier list had and nothing else, with an entry for each and one for the chunk, last. The
// register is not asked, and why they are not is not known here: who moved, died or is withheld is told of alike. The
// writes are committed with the entries: store.ErrConflict where they cannot be.
func (d *Desk) DiscloseLeft(ctx context.Context, o Order, ids []person.ID, with ...store.Op) (audit.Receipt, error) {
	ids = once(ids)
	if len(ids) == 0 || len(ids) > freg.MaxBulk {
		return audit.Receipt{}, errNoList
	}
	c, err := d.ordered(ctx, o, ids)
	if err != nil {
		return audit.Receipt{}, err
	}
	if c.grant.Mask(number) == nil {
		return audit.Receipt{}, d.written(ctx, c, errOrder, audit.Avslag, nil)
	}
	n, all := len(ids), make([]audit.Entry, 0, len(ids)+1)
	for _, id := range ids {
		e := c.entry()
		e.Person, e.Utfall, e.Levert = id, audit.Utlevert, []string{number + ".foedselsEllerDNummer"}
		all = append(all, e)
	}
	e := c.entry()
	e.Treff, e.Utfall = &n, audit.Utlevert
	return d.log.AppendWith(ctx, with, append(all, e)...)
}
