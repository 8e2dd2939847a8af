package fregsim

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
)

// MaxHits is how many persons a search may hit.
const MaxHits = 10_000

// one answers entydigsoek: the person who is the only hit, or 404.
func (s *Server) one(c call) {
	selection, ok := c.selection()
	if !ok {
		return
	}
	q, bad := parameters(c.r.URL.Query())
	if bad == "" && !identifies(q, c.pakke) {
		bad = "Kombinasjonen av søkekriterier gir ikke rett til treff."
	}
	if bad != "" {
		c.fail(http.StatusBadRequest, bad)
		return
	}
	q.InkluderDoede, q.InkluderOppholdsadresse = true, true
	hits := s.config.Population.Search(q, 1)
	if len(hits) != 1 {
		c.fail(http.StatusNotFound, "Søket ga ikke entydig treff.")
		return
	}
	s.send(c, selection, hits[0])
}

// identifies reports whether the criteria give a right to a hit («rett til treff») in the pakke.
func identifies(q population.Query, pakke document.Pakke) bool {
	foreign := q.UtenlandskPersonidentifikasjon != "" || q.Legitimasjonsdokument != ""
	duf := q.UtlendingsmyndighetenesIdentifikasjonsnummer != ""
	if pakke != document.OMH && (foreign || duf) {
		return false
	}
	if foreign && q.Foedselsdato != "" {
		return true
	}
	return len(q.Navn) >= 2 && (foreign || duf || q.Identifikasjonsnummer != "" || q.Foedselsdato != "" ||
		q.Adressenavn != "" || q.Postnummer != "")
}

// many answers soek: the numbers of all hits.
func (s *Server) many(c call) {
	q, bad := parameters(c.r.URL.Query())
	q.Identifikasjonsnummer, q.Legitimasjonsdokument = "", "" // entydigsoek alone takes these
	q.UtenlandskPersonidentifikasjon, q.UtlendingsmyndighetenesIdentifikasjonsnummer = "", ""
	most, err := strconv.Atoi(cmp.Or(c.r.URL.Query().Get("maksTreff"), strconv.Itoa(MaxHits)))
	if err != nil || most < 1 || most > MaxHits {
		bad = "maksTreff må være fra 1 til 10000."
	}
	if bad != "" {
		c.fail(http.StatusBadRequest, bad)
		return
	}
	hits := s.config.Population.Search(q, MaxHits)
	if len(hits) > MaxHits {
		c.fail(http.StatusBadRequest, "Søket ga for mange treff. Konkretiser søket.")
		return
	}
	out := []byte(`{"foedselsEllerDNummer":[`)
	for i, id := range hits[:min(most, len(hits))] {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(out, id)
	}
	_, _ = c.w.Write(append(out, `]}`...))
}

// forms are the parameters that have a form of their own.
var forms = map[string]*regexp.Regexp{
	"foedselsaarFraOgMed":            regexp.MustCompile(`^\d{4}$`),
	"foedselsaarTilOgMed":            regexp.MustCompile(`^\d{4}$`),
	"postnummer":                     regexp.MustCompile(`^\d{4}$`),
	"kommunenummer":                  regexp.MustCompile(`^\d{4}$`),
	"fylkesnummer":                   regexp.MustCompile(`^\d{2}$`),
	"husnummer":                      regexp.MustCompile(`^\d{1,4} ?[A-Za-zÆØÅæøå]?$`),
	"kjoenn":                         regexp.MustCompile(`^(kvinne|mann)$`),
	"opplysningsgrunnlag":            regexp.MustCompile(`^(gjeldende|historisk)$`),
	"identifikasjonsnummer":          regexp.MustCompile(`^\d{11}$`),
	"utenlandskpersonidentifikasjon": regexp.MustCompile(`^[A-Z]{3}-.+$`),
	"legitimasjonsdokument":          regexp.MustCompile(`^[A-Z]{3}-.+$`),
}

// parameters reads a search; bad says in words which parameter is wrong.
func parameters(v url.Values) (q population.Query, bad string) {
	for name, form := range forms {
		if value := v.Get(name); value != "" && !form.MatchString(value) {
			return q, name + " er ikke på gyldig format."
		}
	}
	q.Adressenavn = strings.TrimSpace(v.Get("adressenavn"))
	if n := utf8.RuneCountInString(q.Adressenavn); n > 0 && n < 3 {
		return q, "adressenavn må ha minst tre tegn."
	}
	if _, err := time.Parse("20060102", cmp.Or(v.Get("foedselsdato"), "20000101")); err != nil {
		return q, "foedselsdato finnes ikke."
	}
	q.Navn = strings.Fields(v.Get("navn"))
	q.Kjoenn = v.Get("kjoenn")
	q.Foedselsdato = v.Get("foedselsdato")
	q.FoedselsaarFraOgMed, _ = strconv.Atoi(v.Get("foedselsaarFraOgMed"))
	q.FoedselsaarTilOgMed, _ = strconv.Atoi(v.Get("foedselsaarTilOgMed"))
	q.Husnummer = strings.ReplaceAll(v.Get("husnummer"), " ", "")
	q.Postnummer, q.Kommunenummer, q.Fylkesnummer = v.Get("postnummer"), v.Get("kommunenummer"), v.Get("fylkesnummer")
	q.Historisk = v.Get("opplysningsgrunnlag") == "historisk"
	q.InkluderDoede = v.Get("inkluderDoede") == "true"
	q.InkluderOppholdsadresse = v.Get("inkluderOppholdsadresse") == "true"
	q.Identifikasjonsnummer = v.Get("identifikasjonsnummer")
	q.UtenlandskPersonidentifikasjon = v.Get("utenlandskpersonidentifikasjon")
	q.Legitimasjonsdokument = v.Get("legitimasjonsdokument")
	for name := range v { // spelled in more than one way by Skatteetaten itself
		switch strings.ToLower(name) {
		case "soekfonetisk":
			q.SoekFonetisk = v.Get(name) == "true"
		case "utlendingsmyndighetenesidentifikasjonsnummer":
			q.UtlendingsmyndighetenesIdentifikasjonsnummer = v.Get(name)
		}
	}
	return q, ""
}
