package rules

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// Every package of ours says what it is and what it refuses. Commands and simulators need the first
// only.
func TestPackagesSayWhatTheyRefuse(t *testing.T) {
	for _, p := range folders(t) {
		var comment string
		for _, f := range p.files {
			if f.tree.Doc != nil && (!f.test || len(p.code()) == 0) {
				comment += f.tree.Doc.Text()
			}
		}
		name := "Package " + strings.TrimSuffix(p.files[0].tree.Name.Name, "_test") + " "
		if p.main() {
			name = "Command "
		}
		if !strings.HasPrefix(comment, name) {
			t.Errorf("%s has no comment that starts with %q", p.path, name)
		}
		promises := (within(p.path, "shared") || within(p.path, "functions")) && !p.main() && !p.simulated()
		if promises && !strings.Contains(comment, "refuse") {
			t.Errorf("%s does not say what it refuses", p.path)
		}
	}
}

func TestPackageNamesSaySomething(t *testing.T) {
	forbidden := []string{"util", "utils", "common", "models", "types", "helpers", "helper", "interfaces", "pkg", "mocks", "mock", "misc", "base", "lib"}
	for _, p := range folders(t) {
		for _, part := range strings.Split(p.path, "/") {
			if slices.Contains(forbidden, part) {
				t.Errorf("%s: %s says nothing", p.path, part)
			}
		}
	}
}

// Every exported name that is not a test's has a comment.
func TestExportedNamesHaveComments(t *testing.T) {
	for _, p := range folders(t) {
		if p.main() {
			continue
		}
		for _, f := range p.code() {
			for _, d := range f.tree.Decls {
				for _, name := range uncommented(d) {
					t.Errorf("%s: %s has no comment", f.at(name.Pos()), name.Name)
				}
			}
		}
	}
}

// uncommented lists the exported names of a declaration that nothing is said about. In a group of
// constants or variables a comment on the group is enough.
func uncommented(d ast.Decl) []*ast.Ident {
	var found []*ast.Ident
	add := func(said bool, names ...*ast.Ident) {
		for _, n := range names {
			if n.IsExported() && !said {
				found = append(found, n)
			}
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		add(d.Doc != nil || !exportedReceiver(d), d.Name)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(s.Doc != nil || d.Doc != nil, s.Name)
				if i, ok := s.Type.(*ast.InterfaceType); ok {
					for _, m := range i.Methods.List {
						add(m.Doc != nil || m.Comment != nil, m.Names...)
					}
				}
			case *ast.ValueSpec:
				add(s.Doc != nil || s.Comment != nil || d.Doc != nil, s.Names...)
			}
		}
	}
	return found
}

// exportedReceiver reports whether a function is a method that callers of the package can reach, or
// no method.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	return slices.ContainsFunc(receiver(d), ast.IsExported)
}

// receiver names the type of a method.
func receiver(d *ast.FuncDecl) (names []string) {
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if i, ok := n.(*ast.Ident); ok && len(names) == 0 {
			names = append(names, i.Name)
		}
		return true
	})
	return names
}
