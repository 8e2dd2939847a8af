package rules

import (
	"go/ast"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// table reads the rows of the n-th table of the glossary.
func table(t *testing.T, n int) [][]string {
	t.Helper()
	var rows [][]string
	at, inside := -1, false
	for line := range strings.Lines(text(t, "infra/rules/glossary.md")) {
		row := strings.HasPrefix(line, "|")
		if row && !inside {
			at++
		}
		if inside = row; row && at == n && !strings.HasPrefix(line, "|---") {
			rows = append(rows, strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"))
		}
	}
	if len(rows) < 10 {
		t.Fatalf("table %d of the glossary has %d rows", n, len(rows))
	}
	return rows[1:]
}

var quoted = regexp.MustCompile("`([^`]+)`")

// words cuts a name into its words: foedselsEllerDNummer, legal_basis, X-Legal-Basis.
func words(name string) string {
	var b strings.Builder
	last := ' '
	runes := []rune(name)
	for i, r := range runes {
		start := unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsDigit(last) || (i+1 < len(runes) && unicode.IsLower(runes[i+1])))
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			b.WriteByte(' ')
		case start:
			b.WriteByte(' ')
			fallthrough
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		last = r
	}
	return " " + strings.Join(strings.Fields(b.String()), " ") + " "
}

// exported gives the exported names of the code, as pkg, pkg.Name and pkg.Type.Member.
func exported(p folder) map[string]string {
	found := map[string]string{}
	for _, f := range p.code() {
		pkg := f.tree.Name.Name
		found[pkg] = f.name
		add := func(at token.Pos, names ...string) {
			if ast.IsExported(names[len(names)-1]) {
				found[strings.Join(append([]string{pkg}, names...), ".")] = f.at(at)
			}
		}
		for _, d := range f.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Pos(), d.Name.Name)
				} else {
					add(d.Pos(), append(receiver(d), d.Name.Name)...)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					declared(s, add)
				}
			}
		}
	}
	return found
}

func declared(s ast.Spec, add func(token.Pos, ...string)) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			add(n.Pos(), n.Name)
		}
	case *ast.TypeSpec:
		add(s.Pos(), s.Name.Name)
		if st, ok := s.Type.(*ast.StructType); ok {
			for _, f := range st.Fields.List {
				for _, n := range f.Names {
					add(n.Pos(), s.Name.Name, n.Name)
				}
			}
		}
	}
}

// members gives the names that cross the wire or lie in the store: JSON tags and the contract's.
func members(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, p := range folders(t) {
		for _, f := range p.code() {
			ast.Inspect(f.tree, func(n ast.Node) bool {
				if field, ok := n.(*ast.Field); ok && field.Tag != nil && !p.simulated() {
					tag, _ := strconv.Unquote(field.Tag.Value)
					name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
					found[name] = f.at(field.Pos())
				}
				return true
			})
		}
	}
	doc := contract(t)
	for at, item := range doc.Paths.Map() {
		for _, part := range strings.FieldsFunc(at, func(r rune) bool { return strings.ContainsRune("/{}", r) }) {
			found[part] = "openapi.yaml"
		}
		for _, op := range item.Operations() {
			for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
				found[p.Value.Name] = "openapi.yaml"
			}
		}
	}
	for name := range doc.Components.Headers {
		found["Hjemmel-"+name] = "openapi.yaml"
	}
	for _, s := range doc.Components.SecuritySchemes {
		found[s.Value.Name] = "openapi.yaml"
	}
	for _, s := range doc.Components.Schemas {
		properties(s.Value, found)
	}
	delete(found, "")
	return found
}

func properties(s *openapi3.Schema, found map[string]string) {
	for name, p := range s.Properties {
		found[name] = "openapi.yaml"
		if p.Ref == "" {
			properties(p.Value, found)
		}
	}
	if s.Items != nil && s.Items.Ref == "" {
		properties(s.Items.Value, found)
	}
}

func TestTheGlossaryNamesWhatThereIs(t *testing.T) {
	names, sources := map[string]string{}, strings.Builder{}
	for _, p := range folders(t) {
		for _, f := range p.code() {
			sources.Write(f.source)
		}
		for name, at := range exported(p) {
			names[name] = at
		}
	}
	wire := members(t)
	for _, row := range table(t, 0) {
		for _, name := range quoted.FindAllStringSubmatch(row[1], -1) {
			if names[name[1]] == "" {
				t.Errorf("glossary, %s: %s is not in the code", strings.TrimSpace(row[0]), name[1])
			}
		}
		for _, name := range quoted.FindAllStringSubmatch(row[2], -1) {
			if wire[name[1]] == "" && !strings.Contains(sources.String(), `"`+name[1]) {
				t.Errorf("glossary, %s: %s is nowhere on the wire", strings.TrimSpace(row[0]), name[1])
			}
		}
	}
}

func TestNoBannedTwinIsUsed(t *testing.T) {
	banned := map[string]string{}
	for _, row := range table(t, 1) {
		banned[words(strings.TrimSpace(row[0]))] = strings.TrimSpace(row[1])
	}
	found := members(t)
	for _, p := range folders(t) {
		if !p.main() {
			for name, at := range exported(p) {
				found[name] = at
			}
		}
	}
	for name, at := range found {
		for never, say := range banned {
			says := func(part string) bool { return strings.Contains(words(part), never) }
			if slices.ContainsFunc(strings.Split(name, "."), says) {
				t.Errorf("%s: %s says%s: say %s", at, name, never, say)
			}
		}
	}
}

func TestWordsAreFound(t *testing.T) {
	for name, want := range map[string]string{
		"LegalBasis": " legal basis ", "legal_basis": " legal basis ", "foedselsEllerDNummer": " foedsels eller d nummer ", "SSN": " ssn ",
		"PersonSSN": " person ssn ", "SSNField": " ssn field ", "Hjemmel-Formaal": " hjemmel formaal ", "Kode6": " kode6 ",
	} {
		if got := words(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
