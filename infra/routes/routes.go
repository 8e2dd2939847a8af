// Package routes names every function once, and computes of their code what the edge of a platform must know: which
// function answers which paths, and which settings each function opens. The dev host, the load balancer's URL map, the
// Knative routes and the reverse proxy of one host follow from it.
package routes

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hjemmel/functions/admin"
	"hjemmel/functions/audit"
	"hjemmel/functions/listorder"
	"hjemmel/functions/listrender"
	"hjemmel/functions/lookup"
	"hjemmel/functions/rolesync"
	"hjemmel/functions/web"
	"hjemmel/shared/host"
	"hjemmel/shared/host/setting"
)

// Functions are the routes of every function by its name.
var Functions = map[string]func(*host.Env) ([]host.Route, error){
	"admin":      admin.Routes,
	"audit":      audit.Routes,
	"listorder":  listorder.Routes,
	"listrender": listrender.Routes,
	"lookup":     lookup.Routes,
	"rolesync":   rolesync.Routes,
	"web":        web.Routes,
}

// Default is the function that answers what no rule names: the page, or 404.
const Default = "web"

// Function is what a platform must know of one.
type Function struct {
	Name     string
	Patterns []string // of its routes, as net/http's mux has them
	Needs    []string // the settings of what it opens: HJEMMEL_STATE
	Tells    []string // the kinds of work that it tells workers of: liste
}

// All asks every function for its routes, over a state of its own in a folder that may be thrown away.
func All(folder string) ([]Function, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	secret := make(setting.Secret, 32) // nobody is asked with it
	var all []Function
	for _, name := range slices.Sorted(maps.Keys(Functions)) {
		at := filepath.Join(folder, name)
		if err := os.MkdirAll(at, 0o700); err != nil {
			return nil, err
		}
		e := host.NewEnv(host.Config{ //nolint:gosec // made-up addresses, and a secret of zeroes
			State: "sqlite://" + at + "/state.db", Queue: "embedded://", Lists: "file://" + at + "/lister", Logg: "file://" + at + "/logg", LoggCopy: "file://" + at + "/kopi",
			LoggOrigin: "hjemmel.localhost/logg", LoggKey: secret, AuditSecret: secret, PasswordKey: secret, PersonKey: secret,
			FregURL: "https://freg.localhost", Orgnr: "310500003", MaskinportenClient: "ingen", MaskinportenKeyID: "ingen",
			MaskinportenKey:    setting.PEM{&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}},
			IdportenKey:        setting.PEM{&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}},
			IdportenClients:    []string{"ingen"},
			MaskinportenIssuer: "https://maskinporten.localhost/", MaskinportenToken: "https://maskinporten.localhost/token",
			MaskinportenJwks: "https://maskinporten.localhost/jwk", IdportenIssuer: "https://idporten.localhost", IdportenJwks: "https://idporten.localhost/jwks",
		})
		some, err := Functions[name](e)
		f := Function{Name: name, Needs: e.Needs(), Tells: e.Tells()}
		for _, r := range some {
			f.Patterns = append(f.Patterns, r.Pattern)
		}
		if err := errors.Join(err, e.Close()); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// Rule sends the paths of a template to a function. In a template * is one part of a path, and ** at the end
// whatever comes below. The first rule that fits holds.
type Rule struct {
	Template string `json:"template"`
	Function string `json:"function"`
}

// Regexp is the template as RE2 has it, for the whole path.
func (r Rule) Regexp() string {
	s := regexp.QuoteMeta(r.Template)
	if rest, ok := strings.CutSuffix(s, `/\*\*`); ok {
		return "^" + strings.ReplaceAll(rest, `\*`, "[^/]+") + "(/.*)?$"
	}
	return "^" + strings.ReplaceAll(s, `\*`, "[^/]+") + "$"
}

// part is one part of a path in the tree of all patterns, and what lies below it.
type part struct {
	below map[string]*part
	ends  string          // whose path ends here
	rest  string          // whose is everything below
	whose map[string]bool // all below
}

// Rules are the fewest that tell the functions' paths apart, those with a literal part before those with any.
func Rules(all []Function) []Rule {
	top := &part{}
	for _, f := range all {
		for _, p := range f.Patterns {
			top.add(strings.Split(pathOf(p), "/")[1:], f.Name)
		}
	}
	return append(top.rules("", true), Rule{"/**", Default})
}

var variable = regexp.MustCompile(`\{[^}/]+\}`)

// pathOf is the template of a pattern: "GET /a/{b}/{c...}" is /a/*/**.
func pathOf(pattern string) string {
	_, at, _ := strings.Cut(pattern, " ")
	at = strings.ReplaceAll(at, "{$}", "")
	if i := strings.Index(at, "...}"); i >= 0 {
		at = at[:strings.LastIndexByte(at[:i], '{')] + "**"
	}
	return variable.ReplaceAllString(at, "*")
}

func (p *part) add(path []string, function string) {
	if p.whose == nil {
		p.whose, p.below = map[string]bool{}, map[string]*part{}
	}
	p.whose[function] = true
	switch {
	case len(path) == 0:
		p.ends = function
	case path[0] == "**":
		p.rest = function
	default:
		if p.below[path[0]] == nil {
			p.below[path[0]] = &part{}
		}
		p.below[path[0]].add(path[1:], function)
	}
}

// rules gives the rules of what lies at and below a path. Where whole is false, what lies beside it with any part is
// another's, and only what is named is taken.
func (p *part) rules(at string, whole bool) (found []Rule) {
	if len(p.whose) == 1 && whole && at != "" && len(p.below) > 0 {
		return []Rule{{at + "/**", slices.Collect(maps.Keys(p.whose))[0]}}
	}
	if p.ends != "" {
		found = append(found, Rule{at, p.ends})
	}
	wild := p.below["*"]
	for _, name := range slices.SortedFunc(maps.Keys(p.below), literalFirst) {
		alone := wild == nil || p.below[name] == wild || maps.Equal(wild.whose, p.below[name].whose)
		found = append(found, p.below[name].rules(at+"/"+name, whole && alone)...)
	}
	if p.rest != "" {
		found = append(found, Rule{at + "/**", p.rest})
	}
	return found
}

func literalFirst(a, b string) int {
	return cmp.Or(cmp.Compare(strings.Count(a, "*"), strings.Count(b, "*")), cmp.Compare(a, b))
}
