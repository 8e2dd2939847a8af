package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/policy/katalog"
)

func TestEveryParameterHasAName(t *testing.T) {
	for _, all := range []map[string]bool{keys(uniqueParameters), keys(hitParameters)} {
		for p := range all {
			if !slices.ContainsFunc(katalog.Names().Soekeparametre, func(n katalog.Named) bool { return n.Kode == p }) {
				t.Errorf("%s has no name for people", p)
			}
		}
	}
}

func keys[V any](m map[string]V) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

func TestCriteria(t *testing.T) {
	for query, want := range map[string]string{
		"navn=Kari+Nordmann&postnummer=5003":        "",
		"soekfonetisk=true&navn=Kari":               "",
		"soekFonetisk=false":                        "", // as if it were not there
		"navn=a":                                    "navn",
		"navn=Kari%7C":                              "navn",
		"postnummer=500":                            "postnummer",
		"husnummer=12B&adressenavn=Storgata":        "",
		"husnummer=12BB":                            "husnummer",
		"foedselsdato=20000229":                     "",
		"foedselsdato=20010229":                     "foedselsdato",
		"foedselsaarFraOgMed=99":                    "foedselsaarFraOgMed",
		"kjoenn=MANN":                               "kjoenn",
		"maksTreff=0":                               "maksTreff",
		"kommunenummer=4601&fylkesnummer=x":         "fylkesnummer",
		"opplysningsgrunnlag=alt&inkluderDoede=ja!": "inkluderDoede,opplysningsgrunnlag",
		"navn=Kari&navn=Ola":                        "navn",
		"navn=Kari&NAVN=Ola":                        "navn",
		"ukjent=1":                                  "-",
		"navn=%zz":                                  "-",
	} {
		_, err := Numbers{SyntheticOnly: true}.ReadHitCriteria(&http.Request{URL: &url.URL{RawQuery: query}})
		got := ""
		if err != nil {
			if got = strings.Join(fault.Of(err).Elements, ","); got == "" {
				got = "-"
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// Without a receipt nothing is sent, whatever the answer.
func TestNoReceiptNoAnswer(t *testing.T) {
	for name, write := range map[string]func(http.ResponseWriter) error{
		"person": func(w http.ResponseWriter) error {
			return WritePerson(w, disclosure.Disclosure{JSON: []byte(`{"navn":[]}`)})
		},
		"bulk": func(w http.ResponseWriter) error { return WriteBulk(w, disclosure.Batch{}) },
		"hits": func(w http.ResponseWriter) error {
			return WriteHits(w, disclosure.Hits{Receipt: audit.Receipt{}})
		},
	} {
		w := httptest.NewRecorder()
		if err := write(w); !errors.Is(err, ErrNoReceipt) || w.Body.Len() > 0 {
			t.Errorf("%s: %v, %q sent", name, err, w.Body)
		}
	}
}

// FuzzQuery reads arbitrary queries as every operation does. What is let through is a word that may be
// repeated to the caller, or a value of its parameter's shape.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"part=navn&part=historikk", "part=14827849805", "navn=Kari+Nordmann", "part=%3Cscript%3E", "PART=navn", "a=b&c", "%zz", "part=" + strings.Repeat("a", 70)} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := &http.Request{URL: &url.URL{RawQuery: raw}}
		if q, err := ReadQuery(r, "part", "somBestilt"); err == nil {
			parts, err := Parts(q)
			for _, p := range parts {
				if strings.ContainsAny(p, "0123456789<>\"' \n") || len(p) > 64 {
					t.Errorf("part %q is let through", p)
				}
			}
			if err == nil && len(parts) > maxParts {
				t.Errorf("%d parts", len(parts))
			}
		}
		n := Numbers{SyntheticOnly: true}
		if by, err := n.ReadHitCriteria(r); err == nil {
			for p, v := range by {
				if strings.ContainsAny(v, "\x00\n|{}#!$&") || len(v) > 201 {
					t.Errorf("%s=%q is let through", p, v)
				}
			}
		}
		if _, parts, err := n.ReadUniqueCriteria(r); err == nil && len(parts) > maxParts {
			t.Errorf("%d parts", len(parts))
		}
	})
}
