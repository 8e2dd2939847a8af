package rules

import (
	"go/ast"
	"go/token"
	"net"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"hjemmel/infra/routes"
	"hjemmel/shared/api"
	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/host/hosttest"
)

func contract(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// patterns gives the patterns of every function's routes.
func patterns(t *testing.T) map[string][]string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	w, err := hosttest.New(hosttest.Options{Listener: listener, Data: t.TempDir(), Population: population.Config{Size: 400}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Env.Close() }()
	all := map[string][]string{}
	for name, of := range routes.Functions {
		some, err := of(w.Env)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, r := range some {
			pattern := strings.ReplaceAll(r.Pattern, "...}", "}") // OpenAPI has no word for the rest of a path
			all[name] = append(all[name], strings.TrimSuffix(pattern, "{$}"))
		}
	}
	return all
}

// operations gives the operationIds of the contract by pattern.
func operations(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for at, item := range contract(t).Paths.Map() {
		for method, op := range item.Operations() {
			ids[method+" "+at] = op.OperationID
		}
	}
	return ids
}

// The contract and the routes are the same, and each function's README names its operations.
func TestEveryOperationHasARouteAndTheReverse(t *testing.T) {
	ids := operations(t)
	served := map[string]bool{"GET /openapi.yaml": true} // by whatever serves the whole API
	for name, all := range patterns(t) {
		readme := text(t, path.Join("functions", name, "README.md"))
		for _, p := range all {
			served[p] = true
			if ids[p] == "" {
				t.Errorf("%s has a route and is not in the contract", p)
			}
			if !strings.Contains(readme, "`"+ids[p]+"`") {
				t.Errorf("functions/%s/README.md does not name %s (%s)", name, ids[p], p)
			}
		}
	}
	for p, id := range ids {
		if !served[p] {
			t.Errorf("%s (%s) is in the contract and has no route", p, id)
		}
	}
}

func TestEveryFunctionWithRoutesIsHeldAgainstTheContract(t *testing.T) {
	for _, p := range folders(t) {
		for _, f := range p.code() {
			for _, d := range f.tree.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if ok && fn.Recv == nil && fn.Name.Name == "Routes" && routes.Functions[function(p.path)] == nil {
					t.Errorf("the routes of %s are not looked at: add them to the table", p.path)
				}
			}
		}
	}
}

// untold are the codes that no caller of an operation meets, and why.
var untold = map[string]string{
	"INTEGRASJON_UGYLDIG":      "our own mistake: the fields are checked before",
	"KOE_UGYLDIG":              "our own mistake: kinds and ids of orders are ours",
	"AVBRUTT":                  "the server's own end",
	"LAGER_UTENFOR_GRENSE":     "our own mistake towards the store; ids are bounded before",
	"LISTE_CELLE_FOR_LANG":     "why a list failed: told in its status, not as an answer",
	"LISTE_CELLE_UGYLDIG":      "why a list failed",
	"LISTE_FOR_STOR":           "why a list failed",
	"LISTE_FRIST_UTE":          "why a list failed",
	"BESTILLING_ULESELIG":      "why a list failed",
	"FOR_MANGE_KALL":           "the page's own prefix, which is not in the contract",
	"INNLOGGING_AVBRUTT":       "the browser is sent to the page with it, which has words for it",
	"INNLOGGING_UTILGJENGELIG": "as above, and a renewal that fails is told likewise by the page",
	"UTTREKK_IKKE_KLART":       "why a list waits",
	"GRUNNLAG_BORTE":           "why a list failed",
}

var code = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)

// faults gives every code that is raised, with the status of its kind where that stands beside it.
func faults(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, p := range folders(t) {
		if p.simulated() || !within(p.path, "shared") && !within(p.path, "functions") {
			continue
		}
		for _, f := range p.code() {
			ast.Inspect(f.tree, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				kind, found := raised(call)
				if found != "" {
					all[found] = append(all[found], kind+" "+f.at(call.Pos()))
				}
				return true
			})
		}
	}
	return all
}

// raised reads a call of fault.New or fault.From, or of identity's refusal and badToken.
func raised(call *ast.CallExpr) (kind, code string) {
	var name string
	switch fn := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := fn.X.(*ast.Ident); ok && x.Name == "fault" {
			name = fn.Sel.Name
		}
	case *ast.Ident:
		name = fn.Name
	}
	switch {
	case (name == "New" || name == "From") && len(call.Args) >= 3:
		switch k := call.Args[0].(type) {
		case *ast.SelectorExpr:
			return k.Sel.Name, literal(call.Args[1])
		case *ast.Ident:
			return k.Name, literal(call.Args[1])
		}
	case (name == "refusal" || name == "badToken") && len(call.Args) == 2:
		return "Unauthenticated", literal(call.Args[0])
	}
	return "", ""
}

func literal(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(l.Value)
	if !code.MatchString(s) {
		return ""
	}
	return s
}

// status is the error ladder of package api once more, so that moving a rung is seen.
var status = map[string]int{
	"Invalid": 400, "Unauthenticated": 401, "Denied": 403, "NotFound": 404, "Gone": 410, "Conflict": 409,
	"TooLarge": 413, "TooMany": 429, "Internal": 500, "Unavailable": 503,
}

// A vendor programs against codes: each that the system can answer with is in the contract under its
// status, and no other is.
func TestEveryErrorCodeIsInTheContract(t *testing.T) {
	stated := map[string]bool{}
	for _, e := range contract(t).Components.Examples {
		v := e.Value.Value.(map[string]any)
		n := strconv.FormatFloat(v["status"].(float64), 'f', -1, 64)
		stated[v["errorCode"].(string)+" "+n] = false
	}
	raised := faults(t)
	if len(raised) < 30 {
		t.Fatalf("only %d codes were found", len(raised))
	}
	for code, places := range raised {
		for _, p := range places {
			kind, where, _ := strings.Cut(p, " ")
			key := code + " " + strconv.Itoa(status[kind])
			if _, ok := stated[key]; ok {
				stated[key] = true
			} else if untold[code] == "" {
				t.Errorf("%s raises %s, which is not among the contract's examples", where, key)
			}
		}
	}
	for key, used := range stated {
		if !used {
			t.Errorf("the contract has %s, which nothing raises", key)
		}
	}
	for code := range untold {
		if raised[code] == nil {
			t.Errorf("%s is excused and raised nowhere: strike it off", code)
		}
	}
}
