package population_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/person"
)

func digest(t *testing.T, p *population.Population) [32]byte {
	t.Helper()
	h := sha256.New()
	p.Each(func(f population.Facts) bool {
		fmt.Fprintln(h, raw(t, p, f.ID.Reveal()))
		return true
	})
	return [32]byte(h.Sum(nil))
}

func TestSameConfigSameBytes(t *testing.T) {
	one, again, other := makePopulation(t, 7, 1500), makePopulation(t, 7, 1500), makePopulation(t, 8, 1500)
	if digest(t, one) != digest(t, again) {
		t.Error("the same seed gives other documents")
	}
	if digest(t, one) == digest(t, other) {
		t.Error("another seed gives the same documents")
	}
	if one.Len() != 1500 {
		t.Errorf("%d persons, want 1500", one.Len())
	}
}

func TestNamedDoNotDependOnSize(t *testing.T) {
	small, large := makePopulation(t, 3, population.MinSize), makePopulation(t, 3, 4000)
	if !maps.Equal(small.Named(), large.Named()) {
		t.Fatal("named persons changed with the size")
	}
	for as, id := range small.Named() {
		if raw(t, small, id.Reveal()) != raw(t, large, id.Reveal()) {
			t.Errorf("the document of %s changed with the size", as)
		}
	}
}

func TestConfigOutOfBounds(t *testing.T) {
	for _, c := range []population.Config{
		{Size: population.MinSize - 1}, {Size: population.MaxSize + 1}, {Size: -1},
		{Today: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}, {Today: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if _, err := population.New(c); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestManySeedsFit(t *testing.T) {
	for seed := range uint64(40) {
		p := makePopulation(t, seed, population.MinSize)
		if p.Len() != population.MinSize {
			t.Errorf("seed %d gives %d persons", seed, p.Len())
		}
	}
}

// TestNumbers checks every number against the rules of 1964 as person and the reference tell them,
// and that a few are of the rule of 2032.
func TestNumbers(t *testing.T) {
	p := makePopulation(t, 1, 10_000)
	seen, new2032 := map[string]bool{}, 0
	p.Each(func(f population.Facts) bool {
		for _, id := range []person.ID{f.ID, f.Former} {
			if id.IsZero() {
				continue
			}
			n := id.Reveal()
			if seen[n] || !id.Synthetic() {
				t.Errorf("a number is used twice, or may be real: %v", n)
			}
			seen[n] = true
			if control, ok := person.ControlDigits(n[:9]); !ok || control != n[9:] {
				new2032++
				continue
			}
			checkMeaning(t, n, f)
		}
		return true
	})
	if new2032 < 1 || new2032 > 30 {
		t.Errorf("%d numbers by the rule of 2032, want a few", new2032)
	}
}

func checkMeaning(t *testing.T, n string, f population.Facts) {
	t.Helper()
	at := func(i, j int) int { v, _ := strconv.Atoi(n[i:j]); return v }
	day, individ, year := at(0, 2)%40, at(6, 9), 0
	if _, err := fmt.Sscanf(f.Foedselsdato, "%d", &year); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%02d%02d%02d", year%100, at(2, 4)-80, day); !strings.HasSuffix(strings.ReplaceAll(f.Foedselsdato, "-", ""), want) {
		t.Errorf("a number has another date than %s", f.Foedselsdato)
	}
	if woman := individ%2 == 0; woman != (f.Kjoenn == "kvinne") {
		t.Errorf("a number has another gender than %s", f.Kjoenn)
	}
	inSeries := year < 1900 && individ >= 500 && individ < 750 ||
		year >= 1900 && year < 2000 && (individ < 500 || year >= 1940 && individ >= 900) || year >= 2000 && individ >= 500
	if n[0] >= '4' {
		inSeries = year >= 1900 && year < 1940 && individ < 200 || year >= 1940 && year < 2000 && (individ < 500 || individ >= 600) ||
			year >= 2000 && individ >= 200
	}
	if !inSeries {
		t.Errorf("individnummer %d does not belong to %d", individ, year)
	}
}

func TestUnknownNumbersAreNobody(t *testing.T) {
	p := makePopulation(t, 1, 300)
	for _, digits := range []string{"", "1", "abcdefghijk", "00000000000", "01810049398", "018100493981"} {
		if _, _, ok := p.Document(new(document.Builder), digits); ok {
			t.Errorf("%q is somebody", digits)
		}
	}
}

func TestFormerNumbersResolve(t *testing.T) {
	p, n := makePopulation(t, 1, 3000), 0
	p.Each(func(f population.Facts) bool {
		if !f.Former.IsZero() {
			n++
			d, former, ok := p.Document(new(document.Builder), f.Former.Reveal())
			if !ok || !former || string(d.Raw) != raw(t, p, f.ID.Reveal()) {
				t.Error("a former number does not give the person who goes on")
			}
		}
		return true
	})
	if n < 30 {
		t.Errorf("%d former numbers in 3000 persons", n)
	}
}

// TestMillion measures a large register. It runs where HJEMMEL_BIG=1.
func TestMillion(t *testing.T) {
	size := 1_000_000
	if raceDetector { // which takes several times the memory; make test runs this without it too
		size = 100_000
	}
	start := time.Now()
	p := makePopulation(t, 1, size)
	made := time.Since(start)
	start = time.Now()
	hits := p.Search(population.Query{Navn: []string{"GLAD"}, Kommunenummer: "0301"}, 10_000)
	searched := time.Since(start)
	runtime.GC()
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if peak, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(peak)[0])
			t.Logf("made in %v, searched in %v (%d hits), peak RSS %d MiB", made, searched, len(hits), kb>>10)
			if kb > 2<<20 {
				t.Error("more than 2 GiB")
			}
		}
	}
	runtime.KeepAlive(p)
}

func BenchmarkDocument(b *testing.B) {
	p := makePopulation(b, 1, 10_000)
	var digits []string
	p.Each(func(f population.Facts) bool { digits = append(digits, f.ID.Reveal()); return true })
	var builder document.Builder
	i := 0
	for b.Loop() {
		p.Document(&builder, digits[i%len(digits)])
		i++
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		makePopulation(b, 1, 10_000)
	}
}

func BenchmarkSearch(b *testing.B) {
	p := makePopulation(b, 1, 10_000)
	for b.Loop() {
		p.Search(population.Query{Navn: []string{"GLAD"}, Kommunenummer: "0301"}, 10_000)
	}
}
