package wire

import (
	"testing"
	"time"

	"hjemmel/shared/policy/katalog"
)

// What is told of each element is what the catalogue says: a page that shows a role as a tree must know what a whole leaves out.
func TestValuesTellWhatMustBeGivenOnItsOwn(t *testing.T) {
	k := katalog.Standard()
	told, alone := 0, 0
	for _, r := range NewValues(k, time.Now()).Registre {
		for _, e := range r.Opplysninger {
			for _, p := range append(e.Underordnet, e.Overordnet) {
				o, ok := k.Element(p.Kode)
				if !ok || p.Tekst != o.Navn || p.KrevesEksplisit != o.KrevesEksplisit {
					t.Errorf("%s: told %+v", p.Kode, p)
				}
				told++
				if p.KrevesEksplisit {
					alone++
				}
			}
		}
	}
	if told == 0 || alone == 0 || alone == told {
		t.Errorf("%d of %d must be given on their own", alone, told)
	}
}
