package population

import "strings"

// Fold brings a name to the form in which names that sound alike in Norwegian are equal. Freg does
// not publish its own rule; this one folds accents, silent and doubled letters, and the spellings of
// the same sound. It takes any case and gives upper case.
func Fold(name string) string {
	s := foldSpelling.Replace(strings.ToUpper(name))
	s = foldSound.Replace(s)
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

var (
	foldSpelling = strings.NewReplacer("-", "", "'", "", "’", "", ".", "",
		"É", "E", "È", "E", "Ê", "E", "Ë", "E", "Á", "A", "À", "A", "Â", "A", "Ã", "A", "Ó", "O", "Ò", "O", "Ô", "O",
		"Ú", "U", "Ü", "Y", "Í", "I", "Ö", "Ø", "Ä", "Æ", "Č", "TJ", "Š", "SJ", "Ŋ", "NG", "Đ", "D", "Ž", "S", "Ñ", "N",
		"AA", "Å", "AE", "Æ", "OE", "Ø")
	foldSound = strings.NewReplacer("SKJ", "SJ", "SCH", "SJ", "SH", "SJ", "KJ", "TJ", "CHR", "KR", "CK", "K", "CH", "K",
		"PH", "F", "TH", "T", "GH", "G", "HV", "V", "HJ", "J", "GJ", "J", "LJ", "J", "DT", "T", "ND", "N", "LD", "L",
		"CE", "SE", "CI", "SI", "C", "K", "QU", "KV", "Q", "K", "W", "V", "X", "KS", "Z", "S", "IE", "I", "EI", "Æ", "AI", "Æ")
)
