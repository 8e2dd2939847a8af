package roles

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/roles/synced"
)

// Outcome (utfall) is what a changeover means for somebody in a role.
type Outcome string

// The outcomes.
const (
	Keeps Outcome = "BEHOLDER"
	Loses Outcome = "MISTER"
	Gains Outcome = "FAAR"
)

// Move is what a changeover means for one person in one role. The actor is the employee, or else the synced user.
type Move struct {
	RolleID string  `json:"rolleId"`
	Rolle   string  `json:"rolle"`
	AktorID string  `json:"aktorId"`
	Navn    string  `json:"navn"`
	Utfall  Outcome `json:"utfall"`
}

// Preview tells what it would mean now to let the other assignments count in the organisation. Synced users
// who hold a role and cannot log in, for want of a number, hold nothing: their actor ids come apart.
func (b *Book) Preview(ctx context.Context, o Organisation, at time.Time) (moves []Move, unable []string, err error) {
	all, err := b.Roles(ctx, o.FiksOrgID)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range all {
		given, err := b.Assignments(ctx, v.ID)
		if err != nil {
			return nil, nil, err
		}
		own, other, shut, err := b.sides(ctx, o, v.Current(given, at), at)
		if err != nil {
			return nil, nil, err
		}
		unable = append(unable, shut...)
		if o.Brukerstyring.Synkronisert {
			own, other = other, own
		}
		moves = append(moves, compare(v, own, other)...)
	}
	slices.SortStableFunc(moves, func(x, y Move) int {
		return cmp.Or(strings.Compare(x.Rolle, y.Rolle), strings.Compare(string(x.Utfall), string(y.Utfall)), strings.Compare(x.Navn, y.Navn))
	})
	slices.Sort(unable)
	return moves, slices.Compact(unable), nil
}

// sides finds who holds a role by each kind of assignment, by the index entry of the person.
func (b *Book) sides(ctx context.Context, o Organisation, given []Assignment, at time.Time) (own, other map[string]Ansatt, unable []string, err error) {
	own, other = map[string]Ansatt{}, map[string]Ansatt{}
	for _, t := range given {
		if t.Fra.After(at) {
			continue
		}
		sort := TypeOf(t.AktorID)
		switch sort {
		case PersonAktor:
			e, ok, err := read[employment](ctx, b.store, ansattKey(t.AktorID))
			if err != nil {
				return nil, nil, nil, err
			}
			if ok && !o.Brukerstyring.spent(t) {
				own[e.Person] = e.Ansatt
			}
		case EksternBruker, EksternGruppe:
			shut, err := b.reach(ctx, t.AktorID, other)
			if err != nil {
				return nil, nil, nil, err
			}
			unable = append(unable, shut...)
		case IntegrasjonType:
		}
	}
	return own, other, unable, nil
}

// reach adds the active users that an assignment to a synced user or group reaches, and gives those who cannot
// log in.
func (b *Book) reach(ctx context.Context, aktorID string, to map[string]Ansatt) (unable []string, err error) {
	ids := []string{aktorID}
	if group, is := strings.CutPrefix(aktorID, synced.GroupPrefix); is {
		_, _, there, err := b.synced.Named(ctx, aktorID)
		if err != nil || !there {
			return nil, err
		}
		members, err := b.synced.Members(ctx, group)
		if err != nil {
			return nil, err
		}
		ids = nil
		for _, m := range members {
			ids = append(ids, synced.UserPrefix+m)
		}
	}
	for _, id := range ids {
		e, ok, err := b.employment(ctx, id)
		switch {
		case err != nil:
			return nil, err
		case !ok:
		case e.Person == "":
			unable = append(unable, id)
		default:
			to[e.Person] = e.Ansatt
		}
	}
	return unable, nil
}

// compare tells who keeps, loses and gains a role.
func compare(v Version, before, after map[string]Ansatt) (moves []Move) {
	for person, a := range before {
		outcome := Loses
		if _, stays := after[person]; stays {
			outcome = Keeps
		}
		moves = append(moves, Move{v.ID, v.Navn, a.ID, a.Navn, outcome})
	}
	for person, a := range after {
		if _, was := before[person]; !was {
			moves = append(moves, Move{v.ID, v.Navn, a.ID, a.Navn, Gains})
		}
	}
	return moves
}

// Changed gives the other rule, from now, with the assignments that counted before kept for some days. Once
// those days have passed, going back brings no old assignment to life: each must be given anew.
func (s Brukerstyring) Changed(by string, at time.Time, days int) Brukerstyring {
	to := Brukerstyring{Synkronisert: !s.Synkronisert, Endret: synced.Moment(at), EndretAv: by, BortfaltFoer: s.BortfaltFoer}
	if to.Synkronisert {
		to.AngreTil = to.Endret.AddDate(0, 0, days)
	} else if !at.Before(s.AngreTil) {
		to.BortfaltFoer = to.Endret
	}
	return to
}

// spent reports whether an assignment to an employee was given or renewed before a changeover that can no
// longer be undone.
func (s Brukerstyring) spent(t Assignment) bool {
	return t.Tildelt.Before(s.BortfaltFoer) && t.Fornyet.Before(s.BortfaltFoer)
}
