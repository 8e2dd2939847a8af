package freg_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hjemmel/shared/fault"
)

// silent fails the test where an error, or anything that it wraps, holds one of the texts.
func silent(t testing.TB, err error, secrets ...string) {
	t.Helper()
	var texts []string
	var walk func(error)
	walk = func(err error) {
		if err == nil {
			return
		}
		texts = append(texts, err.Error(), fmt.Sprintf("%+v", err))
		if f, ok := err.(*fault.Error); ok { //nolint:errorlint // every link is visited
			texts = append(texts, f.Detail, fmt.Sprint(f.Elements))
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range many.Unwrap() {
				walk(e)
			}
			return
		}
		walk(errors.Unwrap(err))
	}
	walk(err)
	for _, text := range texts {
		for _, s := range secrets {
			if s != "" && strings.Contains(text, s) {
				t.Errorf("%q is told in: %s", s, text)
			}
		}
	}
}
