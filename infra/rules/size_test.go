package rules

import (
	"go/ast"
	"testing"
)

// What is read at once fits on a screen or two; what is read in one sitting in some hundred lines.
const (
	maxFunction = 80
	maxFile     = 400
	maxPackage  = 1200
)

// large are the packages that are larger, and why.
var large = map[string]string{
	"shared/policy":                  "judgement whole: rules, masks and grants share what only policy may set",
	"shared/disclosure":              "the corridor whole: nothing else may meet both register and redaction",
	"shared/roles":                   "who holds what whole: records, and every way of finding a holder by them",
	"functions/rolesync/scim":        "SCIM's wire whole: filters, PATCH and projections read the same paths by the same schemas",
	"shared/freg/fregsim/lives":      "a simulator: the fates of a whole population",
	"shared/freg/fregsim/population": "a simulator: it renders every kind of person that the register has",
	"shared/identity/idsim":          "a simulator: two issuers and their login page",
}

func TestFunctionsFilesAndPackagesAreSmall(t *testing.T) {
	for _, p := range folders(t) {
		total := 0
		for _, f := range p.code() {
			total += f.lines()
			if f.lines() > maxFile {
				t.Errorf("%s has %d lines, over %d", f.name, f.lines(), maxFile)
			}
			for _, d := range f.tree.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; n > maxFunction {
					t.Errorf("%s: %s has %d lines, over %d", f.at(fn.Pos()), fn.Name.Name, n, maxFunction)
				}
			}
		}
		if (total > maxPackage) != (large[p.path] != "") {
			t.Errorf("%s has %d lines; a package has %d at most, or stands in the list of large ones", p.path, total, maxPackage)
		}
	}
}
