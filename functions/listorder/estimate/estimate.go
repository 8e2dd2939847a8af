// Package estimate says what a list would become before it is made: rows of made-up persons, and about how many
// there are.
//
// It refuses to ask the register, and to tell a size so finely that one person more or less would show.
package estimate

import (
	"bytes"
	"context"
	"slices"
	"time"

	"hjemmel/functions/listorder/wire"
	"hjemmel/shared/disclosure/specimen"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/policy"
)

// shownOn are the made-up persons of an example: such as are on lists.
var shownOn = []string{"vanlig", "barn", "barnMedDeltBosted", "dnummer", "navneendring"}

// Examples are the rows that made-up persons would have in the role.
func Examples(p *policy.Profile, t template.Template, at time.Time) ([][]string, error) {
	var rows [][]string
	for _, kode := range shownOn {
		s, err := specimen.Find(kode)
		if err != nil {
			return nil, err
		}
		shown, err := s.Show(p, at, false)
		if err != nil {
			return nil, err
		}
		row := make([]string, len(t.Columns))
		if shown != nil {
			if row, err = t.Row(shown); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// smallest is how coarse an estimate is at the least: what it tells of one person more or less is nothing.
const smallest = 50

// Sized takes the size of the newest finished list in the role that asked the same of the register. It tells
// less of that than its own record does.
func Sized(ctx context.Context, b *lists.Book, l lists.Liste, now time.Time) (wire.Size, error) {
	made, err := b.Lister(ctx, l.RolleID)
	if err != nil {
		return wire.Size{}, err
	}
	for _, m := range made {
		if m.Status == lists.Ferdig && !m.Trukket() && m.Grunnlag == nil && m.ID != l.ID && alike(m, l) && now.Before(m.Utloepsdato) {
			from, to := around(m.Rader)
			return wire.Size{Fra: &from, Til: &to, Grunnlag: "TIDLIGERE_LISTE", Tidspunkt: &m.Opprettet}, nil
		}
	}
	return wire.Size{Grunnlag: "UKJENT"}, nil
}

// alike reports whether two lists ask the same of the register, which a list of known numbers does not.
func alike(a, b lists.Liste) bool {
	return a.Kilde == b.Kilde && bytes.Equal(a.Sporsmaal, b.Sporsmaal) && string(a.Sporsmaal) != "null" && a.Kriterier == b.Kriterier &&
		slices.EqualFunc(a.Jobber, b.Jobber, func(a, b lists.Jobb) bool { return a.Kommunenummer == b.Kommunenummer && a.Opphold == b.Opphold })
}

// around gives a span that n lies in: fifty wide, and ten times wider each time n is twenty times that.
func around(n int) (from, to int) {
	width := smallest
	for n >= 20*width {
		width *= 10
	}
	from = n - n%width
	return from, from + width - 1
}
