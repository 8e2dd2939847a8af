package katalog

import "testing"

func TestCountriesHaveNames(t *testing.T) {
	if len(land().Land) < 200 || len(land().Alpha3) < 200 {
		t.Fatalf("%d countries, %d codes of three letters", len(land().Land), len(land().Alpha3))
	}
	for kode, navn := range land().Land {
		if navn.Nb == "" || navn.Nn == "" || navn.En == "" {
			t.Errorf("%s lacks a name", kode)
		}
	}
	for three := range land().Alpha3 {
		if _, ok := Land(three); !ok {
			t.Errorf("%s is no country", three)
		}
	}
	if _, ok := Land("--"); ok {
		t.Error("-- is a country")
	}
}
