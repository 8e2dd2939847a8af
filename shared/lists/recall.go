package lists

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/person"
	"hjemmel/shared/store"
)

// Nedlasting is what somebody has had of a list's file.
type Nedlasting struct {
	Antall int       `json:"antall"`
	Foerst time.Time `json:"foerst"`
	Sist   time.Time `json:"sist"`
	// Bekreftet is when they said that they have no copies any more of a list that was withdrawn.
	Bekreftet time.Time `json:"bekreftet,omitzero"`
}

// Withdrawn (trukket) is why a withdrawn list has no file: as little as can be told of whom it was for.
const Withdrawn = "Listen er trukket tilbake. Den kan inneholde opplysninger som ikke lenger skal brukes. Slett alle kopier, og bekreft at det er gjort."

// keeps is how long a list that is withdrawn can be seen at the least, so that copies can be accounted for.
const keeps = 14 * 24 * time.Hour

// markSize is how much of a person's keyed hash is kept, in bytes.
const markSize = 16

func personsPrefix(fiksOrgID string) string { return "listepersoner/" + fiksOrgID + "/" }

// mark is a person's keyed pseudonym among those on lists.
func (b *Book) mark(id person.ID) string {
	h := hmac.New(sha256.New, b.marks)
	h.Write([]byte(id.Reveal()))
	return string(h.Sum(nil)[:markSize])
}

// PutPersons gives the write of who is in the rows of a piece: by pseudonym, so that their lists can be found
// and they cannot. It belongs in the commit of the rows.
func (b *Book) PutPersons(l *Liste, nr int, ids []person.ID) store.Op {
	marks := make([]string, len(ids))
	for i, id := range ids {
		marks[i] = b.mark(id)
	}
	slices.Sort(marks) // the order of rows is nobody's to know here
	return store.Create(personsKey(l, nr), []byte(strings.Join(marks, "")))
}

// With lists the ids of lists that the person is on, of an organisation, or of all where it is "".
func (b *Book) With(ctx context.Context, fiksOrgID string, id person.ID) ([]string, error) {
	prefix := "listepersoner/"
	if fiksOrgID != "" {
		prefix = personsPrefix(fiksOrgID)
	}
	mark, ids := b.mark(id), []string(nil)
	for after := ""; ; {
		found, err := b.store.Scan(ctx, prefix, after, 100)
		if err != nil || len(found) == 0 {
			return slices.Compact(ids), err
		}
		for _, r := range found {
			if marked(r.Value, mark) {
				ids = append(ids, strings.Split(r.Key, "/")[2])
			}
		}
		after = found[len(found)-1].Key
	}
}

func marked(marks []byte, mark string) bool {
	for m := range slices.Chunk(marks, markSize) {
		if string(m) == mark {
			return true
		}
	}
	return false
}

// Withdraw gives the writes that withdraw a list: its file cannot be had any more, or, where there is none yet, it
// fails. None where it is withdrawn or has failed already.
func (b *Book) Withdraw(ctx context.Context, l *Liste, now time.Time) ([]store.Op, error) {
	if l.Status == Feilet || l.Trukket() {
		return nil, nil
	}
	l.TrukketTid = stamp(now)
	if l.Status != Ferdig {
		l.Feilkode, l.Feil = "INNBYGGERLISTE_TRUKKET", Withdrawn
		return l.Save(Feilet, now)
	}
	until := l.Utloepsdato
	if least := now.Add(keeps); until.Before(least) {
		until = least
	}
	moved, err := b.Expire(ctx, l, until)
	if err != nil {
		return nil, err
	}
	saved, err := l.Save(Ferdig, now)
	if err != nil {
		return nil, err
	}
	told, err := l.happened(Trukket, now)
	return slices.Concat(moved, saved, told), err
}

// Trukket reports whether the list is withdrawn.
func (l *Liste) Trukket() bool { return !l.TrukketTid.IsZero() }

// Downloaded gives the write that counts a download. A list without a file, or one that was withdrawn since it was
// read, has none.
func (l *Liste) Downloaded(aktor string, now time.Time) ([]store.Op, error) {
	if l.Status != Ferdig || l.Trukket() || aktor == "" {
		return nil, ErrState
	}
	n := l.Nedlastinger[aktor]
	if n.Antall == 0 {
		n.Foerst = stamp(now)
	}
	n.Antall, n.Sist = n.Antall+1, stamp(now)
	return l.noted(aktor, n)
}

// Confirm gives the write of somebody's word that they have no copies any more; none where they gave it already.
func (l *Liste) Confirm(aktor string, now time.Time) ([]store.Op, error) {
	n, ok := l.Nedlastinger[aktor]
	if !l.Trukket() || !ok {
		return nil, ErrState
	}
	if !n.Bekreftet.IsZero() {
		return nil, nil
	}
	n.Bekreftet = stamp(now)
	return l.noted(aktor, n)
}

func (l *Liste) noted(aktor string, n Nedlasting) ([]store.Op, error) {
	if l.Nedlastinger == nil {
		l.Nedlastinger = map[string]Nedlasting{}
	}
	l.Nedlastinger[aktor] = n
	op, err := store.Write(key(l.ID), l, l.over)
	return []store.Op{op}, err
}

// Missing lists those who have downloaded a list that is withdrawn and have not confirmed, sorted.
func (l *Liste) Missing() (aktorer []string) {
	for aktor, n := range l.Nedlastinger {
		if l.Trukket() && n.Bekreftet.IsZero() {
			aktorer = append(aktorer, aktor)
		}
	}
	slices.Sort(aktorer)
	return aktorer
}

// Tilbaketrekking is an order to withdraw the lists that a person is on, of an organisation or of all.
type Tilbaketrekking struct {
	FiksOrgID string
	Person    person.ID
}

// recall is the same as it is kept, sealed.
type recall struct{ Org, Person string }

// SealRecall seals the order under its id: whom it is about is kept nowhere else.
func (b *Book) SealRecall(id string, t Tilbaketrekking) ([]byte, error) {
	return b.seal("tilbaketrekking/"+id, recall{t.FiksOrgID, t.Person.Reveal()})
}

// OpenRecall gives the order back.
func (b *Book) OpenRecall(id string, sealed []byte) (t Tilbaketrekking, err error) {
	var r recall
	if err := b.open("tilbaketrekking/"+id, sealed, &r); err != nil {
		return t, err
	}
	t.FiksOrgID = r.Org
	t.Person, err = person.ParseID(r.Person)
	return t, err
}
