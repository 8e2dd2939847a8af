package listrender

import (
	"context"
	"hash/maphash"
	"strconv"
	"strings"

	"hjemmel/shared/fault"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// A list of changes (endringer) is made like any other; then those of the earlier list who are not on it are told of,
// piece by piece, and only what changed is written to the file.

var errBase = fault.New(fault.Conflict, "GRUNNLAG_BORTE", "Listen som endringene skulle regnes fra, er slettet, utløpt eller trukket tilbake.")

// The words of the first column.
const (
	isNew   = "NY"      // not on the earlier list
	isGone  = "UTGAATT" // not on this one
	isOther = "ENDRET"  // with other cells
)

// pieces is where those of the persons who left begin: no list has so many others.
const pieces = 500_000

// snapshot is the rows of a list by number: what there was in each, hashed.
type snapshot map[uint64]uint64

var rowSeed = maphash.MakeSeed()

func hashed(row []string) uint64 { return maphash.String(rowSeed, strings.Join(row, "\x00")) }

// numbered finds the number of a row, in its column.
func numbered(row []string, column int) (uint64, bool) {
	if len(row[column]) != 11 {
		return 0, false
	}
	n, err := strconv.ParseUint(row[column], 10, 64)
	return n, err == nil
}

// rowsOf calls do for each row of a list.
func (j *job) rowsOf(ctx context.Context, l *lists.Liste, do func(row []string) error) error {
	for nr := range l.Deler {
		rows, err := j.lists.Rows(ctx, l, nr)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := do(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *job) snapshot(ctx context.Context, l *lists.Liste, column int) (snapshot, error) {
	all := make(snapshot, l.Rader)
	return all, j.rowsOf(ctx, l, func(row []string) error {
		if n, ok := numbered(row, column); ok {
			all[n] = hashed(row)
		}
		return nil
	})
}

// base is the earlier list, while it is there.
func (j *job) base(ctx context.Context) (lists.Liste, error) {
	l, ok, err := j.lists.Liste(ctx, j.liste.Grunnlag.ID)
	if err == nil && (!ok || l.Status != lists.Ferdig || l.Trukket() || !j.now().Before(l.Utloepsdato)) {
		err = errBase
	}
	return l, err
}

// left tells of those of the next piece of the earlier list who are not on this one.
func (j *job) left(ctx context.Context) error {
	base, err := j.base(ctx)
	if err != nil {
		return err
	}
	t, err := template.New(j.liste.Mal, j.liste.Kolonner)
	if err != nil {
		return err
	}
	column := t.Number()
	if j.present == nil {
		if j.present, err = j.snapshot(ctx, &j.liste, column); err != nil {
			return err
		}
	}
	nr := j.liste.Grunnlag.Gjort
	rows, err := j.lists.Rows(ctx, &base, nr)
	if err != nil {
		return err
	}
	gone, ids := [][]string{}, []person.ID(nil)
	for _, row := range rows {
		n, ok := numbered(row, column)
		if _, here := j.present[n]; here || !ok {
			continue
		}
		id, err := person.ParseID(row[column])
		if err != nil {
			continue
		}
		cells := make([]string, len(row))
		cells[column] = row[column]
		gone, ids = append(gone, cells), append(ids, id)
	}
	return j.leave(ctx, nr, gone, ids)
}

// leave commits what is told of those who left, with how far that has come.
func (j *job) leave(ctx context.Context, nr int, rows [][]string, ids []person.ID) error {
	put, err := j.lists.PutRows(&j.liste, pieces+nr, rows)
	if err != nil {
		return err
	}
	ops := []store.Op{put}
	j.liste.Grunnlag.Gjort++
	if len(ids) == 0 {
		return j.save(ctx, lists.FerdigSkatt, ops...)
	}
	saved, err := j.liste.Save(lists.FerdigSkatt, j.now())
	if err != nil {
		return err
	}
	fence, err := j.lease.Fence(ctx)
	if err != nil {
		return err
	}
	ops = append(append(ops, saved...), j.lists.PutPersons(&j.liste, pieces+nr, ids), fence)
	_, err = j.desk.DiscloseLeft(ctx, j.order, ids, ops...)
	return err
}

// changed calls do for each row of the file of a list of changes: those who left first.
func (j *job) changed(ctx context.Context, column int, do func(row []string) error) error {
	for nr := range j.liste.Grunnlag.Deler {
		rows, err := j.lists.Rows(ctx, &j.liste, pieces+nr)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := do(append([]string{isGone}, row...)); err != nil {
				return err
			}
		}
	}
	base, err := j.base(ctx)
	if err != nil {
		return err
	}
	before, err := j.snapshot(ctx, &base, column)
	if err != nil {
		return err
	}
	return j.rowsOf(ctx, &j.liste, func(row []string) error {
		n, ok := numbered(row, column)
		was, known := before[n]
		switch {
		case !ok || !known:
			return do(append([]string{isNew}, row...))
		case was != hashed(row):
			return do(append([]string{isOther}, row...))
		}
		return nil
	})
}

// each calls do for each row of the file.
func (j *job) each(ctx context.Context, t template.Template, do func(row []string) error) error {
	if j.liste.Grunnlag == nil {
		return j.rowsOf(ctx, &j.liste, do)
	}
	return j.changed(ctx, t.Number(), do)
}

// compared reports whether changes can be told from the list: only where its rows tell who they are of.
func (j *job) compared() bool {
	t, err := template.New(j.liste.Mal, j.liste.Kolonner)
	return err == nil && t.Number() >= 0
}

// columns are those of the file.
func (j *job) columns(t template.Template) []template.Column {
	if j.liste.Grunnlag == nil {
		return t.Columns
	}
	return append([]template.Column{{Name: "endring", Header: "Endring"}}, t.Columns...)
}
