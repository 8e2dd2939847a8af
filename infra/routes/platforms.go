package routes

import (
	"bytes"
	"embed"
	"maps"
	"slices"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// nginx is the proxy of whatever has none of its own. It runs as nobody.
const nginx = "docker.io/nginxinc/nginx-unprivileged:1.29-alpine"

// Asks reports whether the function opens what belongs to a setting.
func (f Function) Asks(setting string) bool { return slices.Contains(f.Needs, setting) }

// Secrets are the settings that are secrets, of what the function opens.
func (f Function) Secrets() (names []string) {
	for _, s := range f.Needs {
		if strings.HasSuffix(s, "_KEY") || strings.HasSuffix(s, "_SECRET") {
			names = append(names, s)
		}
	}
	return names
}

// beside are the settings that go with one that a function opens.
var beside = map[string][]string{
	"HJEMMEL_MASKINPORTEN_KEY": {"HJEMMEL_MASKINPORTEN_CLIENT", "HJEMMEL_MASKINPORTEN_KEY_ID"},
	"HJEMMEL_LOGG_KEY":         {"HJEMMEL_LOGG_ORIGIN"},
	"HJEMMEL_IDPORTEN_KEY":     {"HJEMMEL_IDPORTEN_KEY_ID", "HJEMMEL_WEB_URL", "HJEMMEL_API"},
	"HJEMMEL_PASSWORD_KEY":     {"HJEMMEL_IDPORTEN_CLIENTS"}, // whoever finds out who asks
}

// Own are the settings of the function on one host, beside those that all have.
func (f Function) Own() []string {
	names := map[string]bool{}
	for _, s := range f.Needs {
		names[s] = s != "HJEMMEL_STATE"
		for _, b := range beside[s] {
			names[b] = true
		}
	}
	maps.DeleteFunc(names, func(_ string, own bool) bool { return !own })
	return slices.Sorted(maps.Keys(names))
}

// known are the values on one host of what is not the operator's own.
var known = map[string]string{
	"HJEMMEL_LISTS":     "file:///data/lister",
	"HJEMMEL_LOGG":      "file:///data/logg",
	"HJEMMEL_LOGG_COPY": "file:///data/sjekkpunkter",
	"HJEMMEL_API":       "http://edge:8080",
	"HJEMMEL_FREG_URL":  "${HJEMMEL_FREG_URL:-https://folkeregisteret-api-konsument.sits.no}",
}

var words = template.FuncMap{
	"keyOf": func(setting string) string { return strings.ToLower(strings.ReplaceAll(setting, "_", "-")) },
	"valueOf": func(setting string) string {
		if v, ok := known[setting]; ok {
			return v
		}
		return "${" + setting + ":?}"
	},
	"literal": func(s string) string { return strings.ReplaceAll(s, "$", "$$") }, // Compose would put settings there
	"indent": func(s string) string {
		return "      " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n      ")
	},
}

// proxy is how nginx finds the functions.
type proxy struct {
	Rules    []Rule
	Resolver string
	Below    string // of a function's name: .hjemmel.svc.cluster.local
	Port     int
}

// forPlatforms are the files of Kubernetes with Knative and of one host.
func forPlatforms(all []Function) (map[string][]byte, error) {
	files, rules := map[string][]byte{}, Rules(all)
	for _, f := range all {
		b, err := filled("function.yaml", f)
		if err != nil {
			return nil, err
		}
		files["infra/knative/"+f.Name+".yaml"] = b
	}
	for _, p := range []struct {
		file, template string
		proxy          proxy
	}{
		{"infra/knative/edge.yaml", "edge.yaml", proxy{rules, "kube-dns.kube-system.svc.cluster.local", ".hjemmel.svc.cluster.local", 80}},
		{"infra/compose.yaml", "compose.yaml", proxy{rules, "127.0.0.11", "", 8080}},
	} {
		conf, err := filled("nginx.conf", p.proxy)
		if err != nil {
			return nil, err
		}
		files[p.file], err = filled(p.template, struct {
			Functions   []Function
			Conf, Nginx string
		}{all, string(conf), nginx})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// filled is a template with what it tells of.
func filled(name string, of any) ([]byte, error) {
	t, err := template.New(name).Funcs(words).ParseFS(templates, "templates/"+name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, of)
	return b.Bytes(), err
}
