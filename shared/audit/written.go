package audit

import (
	"regexp"

	"hjemmel/shared/person"
	"hjemmel/shared/policy"
)

// eleven finds what may be an identity number in a text, also one written with a space.
var eleven = regexp.MustCompile(`\b[0-9]{6} ?[0-9]{5}\b`)

// Written keeps a caller's text within what an entry holds; policy has refused longer ones, which are
// written as TooLong. A number that somebody typed there is masked: entries name persons by pseudonym
// only.
func Written(s string) string {
	if len(s) > policy.MaxFormaal {
		return TooLong
	}
	return eleven.ReplaceAllString(s, person.Mask)
}
