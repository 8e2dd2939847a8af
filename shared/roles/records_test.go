package roles_test

import (
	"bytes"
	"context"
	"crypto/md5"  //nolint:gosec // what a thief would try
	"crypto/sha1" //nolint:gosec // what a thief would try
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/fault"
	"hjemmel/shared/identity"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
)

// What cannot be read is not repeated to anybody, not even to the log: it may be a number.
func TestADamagedRecordIsNotQuoted(t *testing.T) {
	o := newOffice(t)
	const secret = "14827849805"
	for key, values := range map[string][]string{
		"rolle/rolle-east": {`{"gyldigFra":"?"}`, `{"gyldigTil":"?"}`, `{"versjon":???}`, `{"versjon":"?"}`, `{"navn":?}`, `{"aktiv":"?"}`, `{"formaal":"?"}`, `{"opplysninger":[?]}`,
			`?`, `"?"`, `{"?`, `{"?":1,}`},
		"organisasjon/" + east:           {`{"orgnr":?}`, `?`, `"?"`, `{"?`, `{"navn":["?"]}`},
		"ansatt/both-east":               {`{"id":?}`, `{"person":?}`, `{"funksjon":{"?":1}}`, `?`, `"?"`, `{"?`},
		"tildeling/both-east/rolle-east": {`{"fra":"?"}`, `{"til":"?"}`, `{"til":?}`, `{"rolleId":?}`, `?`, `"?"`, `{"?`},
	} {
		was, err := o.Store.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			o.put([]store.Op{store.Put(key, []byte(strings.ReplaceAll(v, "?", secret)))}, nil)
			h, err := o.book.Holder(t.Context(), o.Employee(o.both), "rolle-east")
			held, err2 := o.book.Held(t.Context(), o.Employee(o.both))
			if !fault.Is(err, fault.Internal) || !fault.Is(err2, fault.Internal) || len(h.Tildelinger) > 0 || len(held) > 0 {
				t.Errorf("%s is %s: %v, %v", key, v, err, err2)
			}
			for ; err != nil; err = errors.Unwrap(err) {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
					t.Errorf("%s is %s: the error quotes it", key, v)
				}
			}
		}
		o.put([]store.Op{store.Put(key, was.Value)}, nil)
	}
}

// A number that was wrong and is corrected opens nothing any more, and one that moves to another
// employee opens only that.
func TestACorrectedNumberOpensNothing(t *testing.T) {
	o := newOffice(t)
	aktor := func(id person.ID) string {
		t.Helper()
		h, err := o.book.Holder(t.Context(), o.Employee(id), "rolle-east")
		if err != nil {
			t.Fatal(err)
		}
		held, err := o.book.Held(t.Context(), o.Employee(id))
		if err != nil || (len(held) > 0) != (len(h.Tildelinger) > 0) {
			t.Errorf("%d held: %v", len(held), err)
		}
		if len(h.Tildelinger) == 0 {
			return ""
		}
		return h.Aktor
	}
	ansatt := roles.Ansatt{ID: "twice-b", FiksOrgID: east, Funksjon: roles.Saksbehandler}
	for i, want := range []struct {
		number       person.ID
		old, current string
	}{{o.twice, "twice-b", "twice-b"}, {o.stranger, "", "twice-b"}, {o.twice, "twice-b", "twice-b"}} {
		o.put(o.book.PutAnsatt(ansatt, want.number))
		if got := aktor(o.twice); got != want.old {
			t.Errorf("correction %d: the first number opens %q", i, got)
		}
		if got := aktor(want.number); got != want.current {
			t.Errorf("correction %d: the number in force opens %q", i, got)
		}
	}
	if ops, err := o.book.PutAnsatt(ansatt, person.ID{}); err == nil || len(ops) > 0 {
		t.Error("an employee without a number is written")
	}
}

// Neither a number nor anything that can be made of it without the key is in the store.
func TestNothingMadeOfANumberIsInTheStore(t *testing.T) {
	o := newOffice(t)
	var tells [][]byte
	for _, id := range []person.ID{o.both, o.one, o.twice, o.stranger} {
		digits := []byte(id.Reveal())
		a, b, c := md5.Sum(digits), sha1.Sum(digits), sha256.Sum256(digits) //nolint:gosec // what a thief would try
		tells = append(tells, digits, digits[:9], digits[2:])
		for _, sum := range [][]byte{a[:], b[:], c[:]} {
			tells = append(tells, sum, []byte(hex.EncodeToString(sum)), []byte(base64.RawURLEncoding.EncodeToString(sum)), []byte(base64.RawStdEncoding.EncodeToString(sum)))
		}
	}
	for after := ""; ; {
		records, err := o.Store.Scan(t.Context(), "", after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			after = r.Key
			for _, tell := range tells {
				if bytes.Contains([]byte(r.Key), tell) || bytes.Contains(r.Value, tell) {
					t.Errorf("%s tells of a person", r.Key)
				}
			}
		}
		if len(records) < 1000 {
			return
		}
	}
}

// A role is written when every part of it is permitted by its area, and not otherwise: every element,
// use and hjemmel of the catalogue in every area.
func TestARoleIsWrittenWithinItsArea(t *testing.T) {
	k := katalog.Standard()
	var hjemler []string
	for _, a := range k.Tjenesteomraader {
		for _, h := range a.Lovhjemler {
			hjemler = append(hjemler, h.ID)
		}
	}
	slices.Sort(hjemler)
	hjemler = slices.Compact(hjemler)
	yes, no := 0, 0
	try := func(area, what string, permitted bool, change func(*policy.Role)) {
		t.Helper()
		r := policy.Role{ID: "r", FiksOrgID: east, Versjon: 1, Tjenesteomraade: area}
		change(&r)
		ops, err := roles.PutRole(k, r)
		if (err == nil) != permitted || (len(ops) == 3) != permitted {
			t.Errorf("%s in %s: %d writes, %v", what, area, len(ops), err)
		}
		if permitted {
			yes++
		} else {
			no++
		}
	}
	for _, a := range k.Tjenesteomraader {
		for _, o := range k.Opplysninger {
			permitted := o.Gyldig && slices.ContainsFunc(a.Registre, func(u katalog.Utvalg) bool { return covered(k, u.Opplysninger, o) })
			for _, spelling := range []string{o.Kode, o.KodeStor} {
				try(a.Kode, spelling, permitted, func(r *policy.Role) { r.Opplysninger = []string{spelling} })
			}
		}
		for _, b := range []katalog.Bruk{katalog.Soek, katalog.Innbyggerliste, katalog.BrukerHendelser, "ANNET", ""} {
			try(a.Kode, string(b), slices.Contains(a.Bruksomraader, b), func(r *policy.Role) { r.Bruksomraader = []katalog.Bruk{b} })
		}
		for _, h := range append(hjemler, "", "ingen-lov") {
			has := slices.ContainsFunc(a.Lovhjemler, func(l katalog.Hjemmel) bool { return l.ID == h })
			try(a.Kode, h, has, func(r *policy.Role) { r.Hjemler = []string{h} })
		}
		try(a.Kode, "to open graded addresses", a.GradertAdresse == "KAN_AAPNES_MED_BEGRUNNELSE", func(r *policy.Role) { r.AapneGradert = true })
		try(a.Kode, "a purpose", true, func(r *policy.Role) { r.Formaal.Moenster = "[0-9]+/[0-9]{2}" })
		try(a.Kode, "a purpose that is no pattern", false, func(r *policy.Role) { r.Formaal.Moenster = "[0-9" })
		try(a.Kode, "an unknown element", false, func(r *policy.Role) { r.Opplysninger = []string{"navn.kallenavn"} })
	}
	if yes < 500 || no < 500 {
		t.Errorf("%d permitted, %d not: too few to tell", yes, no)
	}
}

// covered reports whether the element is in the list itself or by one above it that brings it along.
func covered(k *katalog.Katalog, list []string, o *katalog.Opplysning) bool {
	for {
		if slices.Contains(list, o.Kode) {
			return true
		}
		if o.KrevesEksplisit || o.Overordnet == "" {
			return false
		}
		o, _ = k.Element(o.Overordnet)
	}
}

// A caller who has left is told that we do not know, not that the role is not theirs.
func TestACallerWhoLeft(t *testing.T) {
	o := newOffice(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, who := range map[string]identity.Caller{"integration": o.Integration(o.eastern), "employee": o.Employee(o.both)} {
		if h, err := o.book.Holder(gone, who, "rolle-east"); !fault.Is(err, fault.Unavailable) || len(h.Tildelinger) > 0 || h.Profil != nil {
			t.Errorf("%s: %v", name, err)
		}
		if held, err := o.book.Held(gone, who); !fault.Is(err, fault.Unavailable) || len(held) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
