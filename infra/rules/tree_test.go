// Package rules holds what the compiler cannot: every test in it is one rule of the design about
// which package may do what. Files are read as text, whatever their build tags and whether they
// compile.
//
// It refuses exceptions without a reason: each stands in a table here beside its words.
package rules

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const root = "../.."

// folder is one package: a folder with Go files.
type folder struct {
	path  string // from the root of the module: shared/api
	files []file
}

// file is one Go file.
type file struct {
	name   string // from the root of the module: shared/api/answer.go
	test   bool
	tree   *ast.File
	fset   *token.FileSet
	source []byte
}

// tree reads the whole module, once.
var tree = sync.OnceValues(func() ([]folder, error) {
	all := map[string]*folder{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (base == "node_modules" || (strings.HasPrefix(base, ".") && base != ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		f, err := read(name)
		if err != nil {
			return err
		}
		at := path.Dir(name)
		if all[at] == nil {
			all[at] = &folder{path: at}
		}
		all[at].files = append(all[at].files, f)
		return nil
	})
	var found []folder
	for _, at := range slices.Sorted(maps.Keys(all)) {
		found = append(found, *all[at])
	}
	return found, err
})

func read(name string) (file, error) {
	source, err := os.ReadFile(path.Join(root, name)) //nolint:gosec // a file of this repository
	if err != nil {
		return file{}, err
	}
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
	return file{name, strings.HasSuffix(name, "_test.go"), parsed, fset, source}, err
}

// folders gives every package of the module.
func folders(t *testing.T) []folder {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d packages were found", len(all))
	}
	return all
}

// code gives the files that are not tests.
func (p folder) code() []file {
	return slices.DeleteFunc(slices.Clone(p.files), func(f file) bool { return f.test })
}

// main reports whether the package is a command.
func (p folder) main() bool { return p.files[0].tree.Name.Name == "main" }

// simulated reports whether the package stands in for something outside, or is a tool of tests: a
// part of its path ends in sim or test, or it is test data.
func (p folder) simulated() bool { return simulated(p.path) }

func simulated(at string) bool {
	return slices.ContainsFunc(strings.Split(at, "/"), func(part string) bool {
		return strings.HasSuffix(part, "sim") || strings.HasSuffix(part, "test") || part == "testdata"
	})
}

// within reports whether a path is a folder or lies in it.
func within(at, folder string) bool { return at == folder || strings.HasPrefix(at, folder+"/") }

// imports gives what the file imports; own packages as they lie in the module: shared/api.
func (f file) imports() []string {
	var all []string
	for _, i := range f.tree.Imports {
		at, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue // the parser has seen that it is a string
		}
		all = append(all, strings.TrimPrefix(at, "hjemmel/"))
	}
	return all
}

// own reports whether an import is of this module, standard whether it is of Go's library.
func own(at string) bool {
	first, _, _ := strings.Cut(at, "/")
	return slices.Contains([]string{"shared", "functions", "infra", "testdata"}, first)
}

func standard(at string) bool {
	first, _, _ := strings.Cut(at, "/")
	return !own(at) && !strings.Contains(first, ".")
}

// at tells where something stands.
func (f file) at(p token.Pos) string {
	return f.name + ":" + strconv.Itoa(f.fset.Position(p).Line)
}

func (f file) lines() int { return bytes.Count(f.source, []byte("\n")) }

// selectors calls see for every a.b in the file, with the import path that a stands for, or "".
func (f file) selectors(see func(pkg, name string, at token.Pos)) {
	names := map[string]string{}
	for _, i := range f.tree.Imports {
		at, _ := strconv.Unquote(i.Path.Value)
		if i.Name != nil {
			names[i.Name.Name] = at
		} else {
			names[path.Base(at)] = at
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			pkg := ""
			if x, ok := s.X.(*ast.Ident); ok {
				pkg = names[x.Name]
			}
			see(pkg, s.Sel.Name, s.Pos())
		}
		return true
	})
}
