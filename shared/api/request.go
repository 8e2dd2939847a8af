package api

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"hjemmel/shared/fault"
	"hjemmel/shared/person"
)

// MaxBody bounds a request body, in bytes.
const MaxBody = 1 << 20

// What is wrong with a request before anybody judges it.
var (
	errBody       = fault.New(fault.Invalid, "UGYLDIG_JSON", "Kroppen er ikke JSON på den formen som ventes.")
	errMedia      = fault.New(fault.Invalid, "UGYLDIG_INNHOLDSTYPE", "Kroppen må sendes med Content-Type: application/json.")
	errTooLarge   = fault.New(fault.TooLarge, "FOR_STOR_KROPP", "Kroppen er større enn 1 MiB.")
	errCSV        = fault.New(fault.Invalid, "UGYLDIG_INNHOLDSTYPE", "Filen må sendes med Content-Type: text/csv.")
	errLargeFile  = fault.New(fault.TooLarge, "FOR_STOR_KROPP", "Filen er for stor. Del den i flere.")
	errParameter  = fault.New(fault.Invalid, "UGYLDIG_PARAMETER", "Parametere har verdier som ikke kan stemme, eller er oppgitt flere ganger.")
	errUnknown    = fault.New(fault.Invalid, "UKJENT_PARAMETER", "Spørringen har parametere som ikke finnes.")
	errTooMany    = fault.New(fault.Invalid, "FOR_MANGE_PERSONER", "Det kan spørres om høyst 1000 personer om gangen.")
	errNobody     = fault.New(fault.Invalid, "INGEN_PERSONER", "Oppgi minst ett fødselsnummer eller d-nummer.")
	errNumbers    = fault.New(fault.Invalid, "UGYLDIG_IDENTIFIKATOR", "Ett eller flere av numrene er ikke gyldige fødselsnumre eller d-numre. Plassene i lista telles fra 0.")
	errNotTest    = fault.New(fault.Invalid, "IKKE_SYNTETISK", "I testmiljøet kan bare syntetiske personer slås opp (måned + 80).")
	errAcceptable = fault.New(fault.Invalid, "UGYLDIG_ACCEPT", "Svaret kan bare gis som application/json.")
	errPDF        = fault.New(fault.Invalid, "UGYLDIG_ACCEPT", "Dokumentet kan bare gis som application/pdf eller application/octet-stream.")
)

// Numbers reads identity numbers for one environment.
type Numbers struct {
	// SyntheticOnly refuses numbers of people who may exist. It is on everywhere but in production.
	SyntheticOnly bool
}

// Parse reads one number. The fault says what is wrong with it and does not repeat it.
func (n Numbers) Parse(s string) (person.ID, error) {
	id, err := person.ParseID(s)
	if err != nil {
		return id, fault.From(fault.Invalid, "UGYLDIG_IDENTIFIKATOR", sentence(err), err)
	}
	if n.SyntheticOnly && !id.Synthetic() {
		return person.ID{}, errNotTest
	}
	return id, nil
}

// sentence makes the text of one of person's errors fit for a caller.
func sentence(err error) string {
	text := strings.TrimPrefix(err.Error(), "person: ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// ReadBulk reads {"foedselsEllerDNummer": […]}: 1 to 1000 numbers.
func (n Numbers) ReadBulk(r *http.Request) ([]person.ID, error) {
	var body struct {
		Numbers []string `json:"foedselsEllerDNummer"`
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return n.ParseAll(body.Numbers)
}

// ReadBarn reads {"foedselsnumre": […]}: 1 to 1000 numbers of children.
func (n Numbers) ReadBarn(r *http.Request) ([]person.ID, error) {
	var body struct {
		Numbers []string `json:"foedselsnumre"`
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return n.ParseAll(body.Numbers)
}

// ParseAll reads 1 to 1000 numbers. The fault names the places of those that are wrong.
func (n Numbers) ParseAll(numbers []string) ([]person.ID, error) {
	switch {
	case len(numbers) == 0:
		return nil, errNobody
	case len(numbers) > 1000:
		return nil, errTooMany
	}
	ids := make([]person.ID, len(numbers))
	var wrong []string
	for i, s := range numbers {
		id, err := n.Parse(s)
		if errors.Is(err, errNotTest) {
			return nil, err
		}
		if err != nil {
			wrong = append(wrong, strconv.Itoa(i))
		}
		ids[i] = id
	}
	if len(wrong) > 0 {
		return nil, errNumbers.About(wrong[:min(len(wrong), 20)]...)
	}
	return ids, nil
}

func readJSON(r *http.Request, to any) error {
	b, err := readBody(r)
	if err != nil || json.Unmarshal(b, to) == nil {
		return err
	}
	return errBody
}

// ReadBody reads JSON in which no member may stand that to does not know, because a setting that is
// misspelt must not be dropped in silence. It gives the bytes too.
func ReadBody(r *http.Request, to any) ([]byte, error) {
	b, err := readBody(r)
	if err != nil || json.Unmarshal(b, to, json.RejectUnknownMembers(true)) == nil {
		return b, err
	}
	return b, errBody
}

func readBody(r *http.Request) ([]byte, error) {
	return readAs(r, "application/json", MaxBody, errMedia, errTooLarge)
}

// ReadCSV reads a body of text/csv, at most so many bytes.
func ReadCSV(r *http.Request, most int64) ([]byte, error) {
	return readAs(r, "text/csv", most, errCSV, errLargeFile)
}

func readAs(r *http.Request, want string, most int64, otherwise, beyond error) ([]byte, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != want {
		return nil, otherwise
	}
	b, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, most))
	if errors.As(err, new(*http.MaxBytesError)) {
		return nil, beyond
	}
	if err != nil {
		return nil, errBody
	}
	return b, nil
}

// ReadQuery reads a query of which only the named parameters may stand, each once, but for part,
// which may repeat. Where the URL cannot be read, nothing is.
func ReadQuery(r *http.Request, known ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errParameter
	}
	canonical := url.Values{}
	for name, values := range q {
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if i < 0 {
			return nil, errUnknown // the name may be a value that somebody pasted: it is not repeated
		}
		if known[i] != "part" && (len(values) != 1 || canonical.Has(known[i])) {
			return nil, errParameter.About(known[i])
		}
		canonical[known[i]] = append(canonical[known[i]], values...)
	}
	return canonical, nil
}

// maxParts bounds how many values of part are read.
const maxParts = 64

var partShape = regexp.MustCompile(`^[A-Za-z][A-Za-z.-]{0,63}$`)

// Parts reads the values of part. Anything that cannot be the name of a part is refused here, so
// that what policy names back to the caller is never more than a word.
func Parts(q url.Values) ([]string, error) {
	return PartsOf(q["part"])
}

// PartsOf checks values of part that stand in a body.
func PartsOf(parts []string) ([]string, error) {
	if len(parts) > maxParts {
		return nil, errParameter.About("part")
	}
	for _, p := range parts {
		if !partShape.MatchString(p) {
			return nil, errParameter.About("part")
		}
	}
	return parts, nil
}

// Bool reads a boolean parameter; absent is false.
func Bool(q url.Values, name string) (bool, error) {
	switch q.Get(name) {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, errParameter.About(name)
}

// AcceptsJSON refuses a caller who wants XML, which we do not give.
func AcceptsJSON(r *http.Request) error {
	return accepts(r, errAcceptable, "json")
}

// AcceptsPDF refuses a caller who wants anything but a PDF, by that name or as bytes.
func AcceptsPDF(r *http.Request) error {
	return accepts(r, errPDF, "pdf", "octet-stream")
}

func accepts(r *http.Request, otherwise error, media ...string) error {
	accept := r.Header.Get("Accept")
	for _, m := range append(media, "*/*", "application/*") {
		if accept == "" || strings.Contains(accept, m) {
			return nil
		}
	}
	return otherwise
}

// Search parameters of the register and the shape of their values.
var (
	name    = regexp.MustCompile(`^[^@|{}\[\]#!$&(),\x00-\x1f]{2,200}$`)
	street  = regexp.MustCompile(`^[^@|{}\[\]#!$&()\x00-\x1f]{3,200}$`)
	house   = regexp.MustCompile(`^[0-9]{1,4}[A-Za-zÆØÅæøå]?$`)
	four    = regexp.MustCompile(`^[0-9]{4}$`)
	two     = regexp.MustCompile(`^[0-9]{2}$`)
	gender  = regexp.MustCompile(`^(kvinne|mann)$`)
	boolean = regexp.MustCompile(`^(true|false)$`)
	basis   = regexp.MustCompile(`^(gjeldende|historisk)$`)
	foreign = regexp.MustCompile(`^[A-Z]{3}-[^\x00-\x1f]{1,100}$`)
	duf     = regexp.MustCompile(`^[0-9]{12}$`)
)

// The parameters of entydigsoek and soek; nil where valid knows the shape.
var (
	uniqueParameters = map[string]*regexp.Regexp{
		"navn": name, "identifikasjonsnummer": nil, "foedselsdato": nil, "postnummer": four, "adressenavn": street, "husnummer": house,
		"utenlandskpersonidentifikasjon": foreign, "legitimasjonsdokument": foreign, "utlendingsmyndighetenesidentifikasjonsnummer": duf,
		"soekFonetisk": boolean, "opplysningsgrunnlag": basis,
	}
	hitParameters = map[string]*regexp.Regexp{
		"navn": name, "kjoenn": gender, "foedselsdato": nil, "foedselsaarFraOgMed": four, "foedselsaarTilOgMed": four,
		"adressenavn": street, "husnummer": house, "postnummer": four, "kommunenummer": four, "fylkesnummer": two,
		"inkluderOppholdsadresse": boolean, "soekFonetisk": boolean, "inkluderDoede": boolean, "opplysningsgrunnlag": basis, "maksTreff": nil,
	}
)

// criteria reads the parameters of a search. Parameters that say what is so anyway (false, the
// current values) are left out, so that a role need not cover them.
func (n Numbers) criteria(q url.Values, shapes map[string]*regexp.Regexp) (map[string]string, error) {
	by := map[string]string{}
	var wrong []string
	for p, shape := range shapes {
		value := strings.TrimSpace(q.Get(p))
		if !q.Has(p) || value == "false" || value == "gjeldende" {
			continue
		}
		if (shape == nil && !n.valid(p, value)) || (shape != nil && !shape.MatchString(value)) {
			wrong = append(wrong, p)
		}
		by[p] = value
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return nil, errParameter.About(wrong...)
	}
	return by, nil
}

// valid checks the parameters whose values have rules of their own.
func (n Numbers) valid(parameter, value string) bool {
	switch parameter {
	case "identifikasjonsnummer":
		_, err := n.Parse(value)
		return err == nil
	case "foedselsdato":
		_, err := time.Parse("20060102", value)
		return err == nil
	case "maksTreff":
		hits, err := strconv.Atoi(value)
		return err == nil && hits >= 1 && hits <= 10000
	}
	return false
}

// InvalidParameter is told of parameters, or members of a body, whose values cannot be right.
func InvalidParameter(names ...string) error { return errParameter.About(names...) }

// HitCriteria reads criteria that stand in a body, by the names and forms of the query of soek.
func (n Numbers) HitCriteria(q url.Values) (map[string]string, error) {
	return n.criteria(q, hitParameters)
}

// ReadHitCriteria reads the query of soek.
func (n Numbers) ReadHitCriteria(r *http.Request) (map[string]string, error) {
	q, err := ReadQuery(r, slices.Collect(maps.Keys(hitParameters))...)
	if err != nil {
		return nil, err
	}
	return n.HitCriteria(q)
}

// ReadUniqueCriteria reads the query of entydigsoek.
func (n Numbers) ReadUniqueCriteria(r *http.Request) (by map[string]string, parts []string, err error) {
	q, err := ReadQuery(r, append(slices.Collect(maps.Keys(uniqueParameters)), "part")...)
	if err != nil {
		return nil, nil, err
	}
	if parts, err = Parts(q); err != nil {
		return nil, nil, err
	}
	by, err = n.criteria(q, uniqueParameters)
	return by, parts, err
}
