package audit_test

import (
	"errors"
	"strings"
	"testing"

	"hjemmel/shared/audit"
)

const (
	writer = "00112233445566778899"
	sum    = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
)

func TestTheZeroReceiptMeansNotWritten(t *testing.T) {
	var r audit.Receipt
	if r.Valid() || r.Count() != 0 || r.String() != "" {
		t.Errorf("the zero receipt is %q", r)
	}
	if got, err := audit.ParseReceipt(""); !errors.Is(err, audit.ErrReceipt) || got.Valid() {
		t.Errorf("an empty header is a receipt: %v", err)
	}
}

func TestParseReceipt(t *testing.T) {
	for s, count := range map[string]int{
		"v1." + writer + ".1.1." + sum:                       1,
		"v1." + writer + ".18446744073709551615.1500." + sum: 1500,
	} {
		r, err := audit.ParseReceipt(s)
		if err != nil || !r.Valid() || r.Count() != count || r.String() != s {
			t.Errorf("%s: %v, %q", s, err, r)
		}
	}
	r, _ := audit.ParseReceipt("v1." + writer + ".42.3." + sum)
	if r.EntryID() != writer+"-42" {
		t.Error(r.EntryID())
	}
	for name, s := range map[string]string{
		"another version": "v2." + writer + ".1.1." + sum, "no version": writer + ".1.1." + sum, "more": "v1." + writer + ".1.1." + sum + ".x",
		"upper case writer": "v1.AA112233445566778899.1.1." + sum, "short writer": "v1." + writer[1:] + ".1.1." + sum, "no writer": "v1..1.1." + sum,
		"writer with a dot": "v1.0011223344.5566778899.1.1." + sum, "number 0": "v1." + writer + ".0.1." + sum, "negative": "v1." + writer + ".-1.1." + sum,
		"leading zero": "v1." + writer + ".01.1." + sum, "a plus": "v1." + writer + ".+1.1." + sum, "too large": "v1." + writer + ".18446744073709551616.1." + sum,
		"none": "v1." + writer + ".1.0." + sum, "fewer than none": "v1." + writer + ".1.-1." + sum, "too many": "v1." + writer + ".1.1501." + sum,
		"short sum": "v1." + writer + ".1.1." + sum[:42], "long sum": "v1." + writer + ".1.1." + sum + "AA", "padded": "v1." + writer + ".1.1." + sum + "=",
		"another alphabet": "v1." + writer + ".1.1." + strings.Replace(sum, "A", "+", 1), "loose bits": "v1." + writer + ".1.1." + sum[:42] + "9",
		"a line break": "v1." + writer + ".1.1." + sum + "\n", "a space": " v1." + writer + ".1.1." + sum,
	} {
		if got, err := audit.ParseReceipt(s); !errors.Is(err, audit.ErrReceipt) || got.Valid() {
			t.Errorf("%s: %v, %q", name, err, got)
		}
	}
}

// A receipt of n entries commits to the RFC 6962 root over their commitments, however n splits.
func TestReceiptsCommitToTheirEntries(t *testing.T) {
	l, s := open(t)
	var outcomes []outcome
	sizes := []int{500, 999, 1000, 1500}
	for n := 1; n <= 33; n++ {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		entries := about(t, "r", n)
		r, err := l.Append(t.Context(), entries...)
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, outcome{entries, r, nil})
		if again, err := audit.ParseReceipt(r.String()); err != nil || again != r {
			t.Errorf("%q does not come back: %v", r, err)
		}
	}
	acknowledged(t, s, outcomes...)
}

func FuzzParseReceipt(f *testing.F) {
	for _, s := range []string{"", "v1", "v1." + writer + ".1.1." + sum, "v1." + writer + ".42.1500." + sum, "v1." + writer + ".01.1." + sum, "v1....", "v1." + writer + ".1.1."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := audit.ParseReceipt(s)
		if err != nil && (r.Valid() || r.String() != "" || !errors.Is(err, audit.ErrReceipt)) {
			t.Fatalf("refused %q and gave %q", s, r)
		}
		if err == nil && (!r.Valid() || r.String() != s || r.Count() < 1 || r.Count() > 1500) {
			t.Fatalf("%q comes back as %q", s, r)
		}
	})
}
