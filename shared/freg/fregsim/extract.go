package fregsim

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/freg/fregsim/population"
)

// MaxJobs is how many extracts (uttrekk) a consumer may have under way.
const MaxJobs = 10

// Extracts says how extracts behave. The zero Extracts are as Freg's are seen to be.
type Extracts struct {
	// BatchSize is how many numbers a batch has; zero is 5000.
	BatchSize int
	// Polls is how many times in a row a job is not ready when its first batch is asked for, and once
	// more when its end is; zero is 2, negative none.
	Polls int
	// Life is how long a job can be asked for; zero is an hour.
	Life time.Duration
}

// job is an extract that was ordered. It is under way until its end is told.
type job struct {
	consumer   string
	pakke      document.Pakke
	born       time.Time
	found      population.Extracted
	start, end int // how many more times it is not ready, at the beginning and at the end
	over       bool
}

// jobs are those that can be asked for.
type jobs struct {
	mu    sync.Mutex
	byID  map[string]*job
	total uint64
	most  map[string]Jobs
}

// Jobs counts what a consumer has had of extracts.
type Jobs struct {
	Most    int // under way at once
	Refused int // for having [MaxJobs] under way
}

// Jobs gives the counts by consumer.
func (s *Server) Jobs() map[string]Jobs {
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	return maps.Clone(s.jobs.most)
}

// counted notes an order of one who has some under way, and reports whether it is one too many.
func (all *jobs) counted(consumer string, under int) (tooMany bool) {
	if all.most == nil {
		all.most = map[string]Jobs{}
	}
	n := all.most[consumer]
	if tooMany = under >= MaxJobs; tooMany {
		n.Refused++
	} else {
		n.Most = max(n.Most, under+1)
	}
	all.most[consumer] = n
	return tooMany
}

// add lets a job be asked for, and gives its id; ok is false where the consumer has enough. The n-th job
// of a server always has the same id.
func (all *jobs) add(j *job, life time.Duration) (id string, ok bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	under := 0
	maps.DeleteFunc(all.byID, func(_ string, other *job) bool { return j.born.Sub(other.born) >= life })
	for _, other := range all.byID {
		if other.consumer == j.consumer && !other.over {
			under++
		}
	}
	if all.counted(j.consumer, under) {
		return "", false
	}
	if all.byID == nil {
		all.byID = map[string]*job{}
	}
	all.total++
	id = uuid.NewSHA1(uuid.NameSpaceOID, binary.BigEndian.AppendUint64([]byte("uttrekk"), all.total)).String()
	all.byID[id] = j
	return id, true
}

// take asks for a batch: a status, and from which number on the batch is where that is 200.
func (all *jobs) take(c call, consumer string, now time.Time, config Extracts) (status, from int, found population.Extracted) {
	n, err := strconv.Atoi(c.r.PathValue("batch"))
	if err != nil || n < 0 {
		return http.StatusBadRequest, 0, found
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	j := all.byID[c.r.PathValue("job")]
	if j == nil || j.consumer != consumer || j.pakke != c.pakke || now.Sub(j.born) >= config.Life {
		return http.StatusGone, 0, found
	}
	batches := (j.found.Len() + config.BatchSize - 1) / config.BatchSize
	switch {
	case j.start > 0:
		j.start--
		return http.StatusNotFound, 0, found
	case n > batches:
		return http.StatusGone, 0, found
	case n == batches && j.end > 0:
		j.end--
		return http.StatusNotFound, 0, found
	}
	j.over = j.over || n == batches
	return http.StatusOK, n * config.BatchSize, j.found
}

// order answers uttrekk/tilpasset.
func (s *Server) order(c call) {
	q, bad := s.extract(c)
	if bad != "" {
		c.fail(http.StatusBadRequest, bad)
		return
	}
	wait := max(s.config.Extracts.Polls, 0)
	j := &job{consumer: c.consumer, pakke: c.pakke, born: s.config.Now(), start: wait, end: wait}
	j.found = s.config.Population.Extract(q)
	id, ok := s.jobs.add(j, s.config.Extracts.Life)
	if !ok {
		c.tooMany(time.Second)
		return
	}
	_, _ = c.w.Write([]byte(`{"jobbId":"` + id + `"}`))
}

// batch answers uttrekk/{jobbid}/batch/{batchnr}.
func (s *Server) batch(c call) {
	status, from, found := s.jobs.take(c, c.consumer, s.config.Now(), s.config.Extracts)
	switch status {
	case http.StatusBadRequest:
		c.fail(status, "Ugyldig batchnummer.")
	case http.StatusGone:
		c.w.WriteHeader(status)
		_, _ = c.w.Write([]byte(`{"feilmelding":"Jobben eller batchen finnes ikke"}`))
	case http.StatusNotFound:
		c.w.WriteHeader(status)
		_, _ = c.w.Write([]byte(`{"feilmelding":"Batch med id=` + c.r.PathValue("batch") + ` er enda ikke klar"}`))
	default:
		_, _ = c.w.Write(s.numbers(found, from))
	}
}

// numbers writes a batch, or the empty object where there is nothing left.
func (s *Server) numbers(found population.Extracted, from int) []byte {
	if from >= found.Len() {
		return []byte(`{}`)
	}
	out, left := []byte(`{"foedselsEllerDNummer":`), s.config.Extracts.BatchSize
	between := byte('[')
	for id := range found.From(from) {
		out = appendText(append(out, between), id)
		if between, left = ',', left-1; left == 0 {
			break
		}
	}
	return append(out, `]}`...)
}

// extract reads an order; bad says in words what is wrong with it. Members that nobody knows are.
func (s *Server) extract(c call) (q population.Extract, bad string) {
	if kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind != "application/json" {
		return q, "Innholdet må være JSON, og Content-Type må si det."
	}
	var body struct {
		Personstatustyper []string `json:"personstatustyper"`
		Kommunenummer     struct {
			Bosted  string `json:"bostedskommunenummer"`
			Opphold string `json:"oppholdskommunenummer"`
		} `json:"kommunenummer"`
		FoedselsaarFraOgMed string `json:"foedselsaarFraOgMed"`
		FoedselsaarTilOgMed string `json:"foedselsaarTilOgMed"`
		DoedsaarFraOgMed    string `json:"doedsaarFraOgMed"`
		DoedsaarTilOgMed    string `json:"doedsaarTilOgMed"`
		Kjoenn              string `json:"kjoenn"`
		Statsborgerskap     string `json:"statsborgerskap"`
		Sivilstandstype     string `json:"sivilstandstype"`
	}
	dec := json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, maxBody))
	dec.DisallowUnknownFields()
	if dec.Decode(&body) != nil {
		return q, "Innholdet er ikke et gyldig tilpasset uttrekk."
	}
	if len(body.Personstatustyper) == 0 || body.Kommunenummer.Bosted != "" && body.Kommunenummer.Opphold != "" {
		return q, "Uttrekket må ha personstatustyper, og høyst én av bostedskommunenummer og oppholdskommunenummer."
	}
	values := map[string]string{
		"bostedskommunenummer": body.Kommunenummer.Bosted, "oppholdskommunenummer": body.Kommunenummer.Opphold,
		"foedselsaarFraOgMed": body.FoedselsaarFraOgMed, "foedselsaarTilOgMed": body.FoedselsaarTilOgMed,
		"doedsaarFraOgMed": body.DoedsaarFraOgMed, "doedsaarTilOgMed": body.DoedsaarTilOgMed,
		"kjoenn": body.Kjoenn, "statsborgerskap": body.Statsborgerskap, "sivilstandstype": body.Sivilstandstype,
	}
	maps.DeleteFunc(values, func(_, v string) bool { return v == "" })
	c.note(func(r *Request) { r.Parameters = append(slices.Sorted(maps.Keys(values)), "personstatustyper") })
	return extract(body.Personstatustyper, values)
}

// orderForms are the forms of what an order says.
var orderForms = map[string]*regexp.Regexp{
	"personstatustyper":    regexp.MustCompile(`^(aktiv|bosatt|utflyttet|doed|inaktiv)$`),
	"bostedskommunenummer": forms["kommunenummer"], "oppholdskommunenummer": forms["kommunenummer"],
	"foedselsaarFraOgMed": forms["foedselsaarFraOgMed"], "foedselsaarTilOgMed": forms["foedselsaarFraOgMed"],
	"doedsaarFraOgMed": forms["foedselsaarFraOgMed"], "doedsaarTilOgMed": forms["foedselsaarFraOgMed"],
	"kjoenn": forms["kjoenn"], "statsborgerskap": regexp.MustCompile(`^[A-Z]{3}$`),
	"sivilstandstype": regexp.MustCompile(`^(uoppgitt|ugift|gift|enkeEllerEnkemann|skilt|separert|registrertPartner|separertPartner|skiltPartner|gjenlevendePartner)$`),
}

func extract(statuses []string, values map[string]string) (q population.Extract, bad string) {
	for _, v := range statuses {
		if !orderForms["personstatustyper"].MatchString(v) {
			return q, "personstatustyper er ikke på gyldig format."
		}
	}
	for name, v := range values {
		if !orderForms[name].MatchString(v) {
			return q, name + " er ikke på gyldig format."
		}
	}
	year := func(name string) int {
		n, _ := strconv.Atoi(cmp.Or(values[name], "0")) // four digits
		return n
	}
	return population.Extract{
		Personstatustyper: statuses, Bostedskommunenummer: values["bostedskommunenummer"], Oppholdskommunenummer: values["oppholdskommunenummer"],
		FoedselsaarFraOgMed: year("foedselsaarFraOgMed"), FoedselsaarTilOgMed: year("foedselsaarTilOgMed"),
		DoedsaarFraOgMed: year("doedsaarFraOgMed"), DoedsaarTilOgMed: year("doedsaarTilOgMed"),
		Kjoenn: values["kjoenn"], Statsborgerskap: values["statsborgerskap"], Sivilstandstype: values["sivilstandstype"],
	}, ""
}
