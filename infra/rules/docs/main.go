// Command docs writes what is generated anew: the settings table of each function's README, between the
// markers <!-- settings --> and <!-- /settings -->, from the struct tags that the settings are read by; and
// the files that infra/routes makes of the functions' routes. With -check it writes nothing and exits 1, naming what is stale.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kelseyhightower/envconfig"

	"hjemmel/shared/host"
)

func main() {
	check := flag.Bool("check", false, "name what is stale and write nothing")
	flag.Parse()
	stale, err := docs(".", !*check)
	if err == nil {
		var files []string
		files, err = routed(".", !*check)
		stale = append(stale, files...)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
	if *check && len(stale) > 0 {
		fmt.Fprintf(os.Stderr, "docs: stale, run make docs: %s\n", strings.Join(stale, " "))
		os.Exit(1)
	}
}

const (
	begin = "<!-- settings -->"
	end   = "<!-- /settings -->"
)

// docs finds what is stale below root, and mends it when it is to.
func docs(root string, mend bool) (stale []string, err error) {
	table, err := settings()
	if err != nil {
		return nil, err
	}
	readmes, err := filepath.Glob(filepath.Join(root, "functions", "*", "README.md"))
	if err != nil {
		return nil, err
	}
	for _, name := range readmes {
		old, err := os.ReadFile(name) //nolint:gosec // a file of this repository
		if err != nil {
			return nil, err
		}
		fresh, err := replace(old, table)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if bytes.Equal(old, fresh) {
			continue
		}
		stale = append(stale, name)
		if !mend {
			continue
		}
		if err := os.WriteFile(name, fresh, 0o644); err != nil { //nolint:gosec // everybody may read it
			return nil, err
		}
	}
	return stale, nil
}

// replace puts the table between the markers, each of which must stand once, in order.
func replace(old []byte, table string) ([]byte, error) {
	before, rest, ok := bytes.Cut(old, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed || bytes.Contains(after, []byte(begin)) {
		return nil, fmt.Errorf("wants %s and %s, once", begin, end)
	}
	return fmt.Appendf(nil, "%s%s\n%s%s%s", before, begin, table, end, after), nil
}

// row is one setting; a required one has no default.
const row = "{{range .}}| `{{usage_key .}}` | {{if eq (usage_required .) \"true\"}}required{{else if usage_default .}}`{{usage_default .}}`{{end}} | {{usage_description .}} |\n{{end}}"

// settings is the table of what the environment may say.
func settings() (string, error) {
	var b strings.Builder
	b.WriteString("| setting | default | what |\n|---|---|---|\n")
	err := envconfig.Usagef(host.Prefix, &host.Config{}, &b, row)
	return b.String(), err
}
