package idsim

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// style is all the style there is; the content security policy names its hash.
const style = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1e2b3c;background:#fff}
ul{list-style:none;padding:0}li{margin:.5rem 0}
button{font:inherit;width:100%;text-align:left;padding:.75rem 1rem;border:2px solid #1e2b3c;border-radius:.4rem;background:#fff;color:inherit;cursor:pointer}
button:hover{background:#e6eef7}button:focus-visible{outline:4px solid #0062ba;outline-offset:2px}
.merke{border-left:.4rem solid #b95c00;padding:.5rem 1rem;background:#fff4e5}`

var page = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} – simulert ID-porten</title>
<style>` + style + `</style>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
<p class="merke">Dette er en simulator. Alle personer er oppdiktet.</p>
<p>{{.Text}}</p>
{{- if .Hidden}}
<form method="post" action="authorize">
{{- range $name, $values := .Hidden}}{{range $values}}
<input type="hidden" name="{{$name}}" value="{{.}}">{{end}}{{end}}
<ul>
{{- range .Employees}}
<li><button type="submit" name="ansatt" value="{{.ID}}"><strong>{{.Navn}}</strong>{{with .Beskrivelse}}<br>{{.}}{{end}}</button></li>
{{- end}}
</ul>
<p><label><input type="checkbox" name="nivaa" value="betydelig"> Logg inn på nivå betydelig (MinID), ikke høyt</label></p>
<p><button type="submit" name="avbryt" value="ja">Avbryt innloggingen</button></p>
</form>
{{- end}}
</main>
</body>
</html>
`))

type pageData struct {
	Title, Text string
	Hidden      map[string][]string
	Employees   []Employee
}

func showChoice(w http.ResponseWriter, r request, employees []Employee) {
	show(w, http.StatusOK, "'self' "+origin(r.redirect), pageData{
		"Velg hvem du er", "Du blir logget inn som den du velger.", r.params, employees,
	})
}

func showLoggedOut(w http.ResponseWriter) {
	show(w, http.StatusOK, "'none'", pageData{Title: "Du er logget ut", Text: "Du kan lukke vinduet."})
}

func showError(w http.ResponseWriter) {
	show(w, http.StatusBadRequest, "'none'", pageData{
		Title: "Innloggingen kan ikke fortsette",
		Text:  "Tjenesten du kom fra er ikke kjent her, eller adressen den vil ha deg tilbake til er ikke registrert på den.",
	})
}

func show(w http.ResponseWriter, status int, formAction string, d pageData) {
	sum := sha256.Sum256([]byte(style))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-"+
		base64.StdEncoding.EncodeToString(sum[:])+"'; form-action "+formAction)
	var b bytes.Buffer
	if err := page.Execute(&b, d); err != nil {
		http.Error(w, "siden kunne ikke lages", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
