package hosttest

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"hjemmel/shared/freg/fregsim/population"
	"hjemmel/shared/identity"
	"hjemmel/shared/identity/idsim"
	"hjemmel/shared/person"
	"hjemmel/shared/policy"
	"hjemmel/shared/policy/katalog"
	"hjemmel/shared/roles"
	"hjemmel/shared/store"
	"hjemmel/testdata/demo"
)

// seed is testdata/demo/demo.json.
type seed struct {
	Organisasjoner []roles.Organisation `json:"organisasjoner"`
	Leverandoerer  []struct {
		KlientID string `json:"klientId"`
		Orgnr    string `json:"orgnr"`
	} `json:"leverandoerer"`
	Roller  []policy.Role `json:"roller"`
	Ansatte []struct {
		roles.Ansatt
		Person string   `json:"person"` // the name of a person of the population
		Roller []string `json:"roller"`
	} `json:"ansatte"`
	// Innbyggere log in and are employed nowhere.
	Innbyggere []struct {
		ID     string `json:"id"`
		Navn   string `json:"navn"`
		Person string `json:"person"` // the name of a person of the population
	} `json:"innbyggere"`
	Kilder        []seedSource `json:"kilder"`
	Integrasjoner []struct {
		ID        string   `json:"id"`
		Navn      string   `json:"navn"`
		FiksOrgID string   `json:"fiksOrgId"`
		Orgnr     string   `json:"orgnr"`
		KlientID  string   `json:"klientId"`
		Roller    []string `json:"roller"`
		Aktiv     bool     `json:"aktiv"`
	} `json:"integrasjoner"`
}

func readSeed(people *population.Population) (s seed, err error) {
	if err := json.Unmarshal(demo.JSON, &s); err != nil {
		return s, fmt.Errorf("testdata/demo: %w", err)
	}
	for _, a := range s.Ansatte {
		if people.Named()[a.Person].IsZero() {
			return s, fmt.Errorf("testdata/demo: %s is nobody in the population", a.Person)
		}
	}
	return s, nil
}

func (s seed) employees(people *population.Population) []idsim.Employee {
	var all []idsim.Employee
	for _, a := range s.Ansatte {
		all = append(all, idsim.Employee{ID: a.ID, Navn: a.Navn, Beskrivelse: string(a.Funksjon), PID: people.Named()[a.Person]})
	}
	for _, i := range s.Innbyggere {
		all = append(all, idsim.Employee{ID: i.ID, Navn: i.Navn, Beskrivelse: "innbygger", PID: people.Named()[i.Person]})
	}
	for _, k := range s.Kilder {
		for _, u := range k.Brukere {
			all = append(all, idsim.Employee{ID: u.Ansatt, Navn: u.Navn, Beskrivelse: "synkronisert", PID: people.Named()[u.Person]})
		}
	}
	return all
}

func (s seed) administrators(fiksOrgID string) []string {
	var ids []string
	for _, a := range s.Ansatte {
		if a.FiksOrgID == fiksOrgID && a.Funksjon == roles.Administrator {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// Demo is what GET /sim/demo answers: everything a script needs to become somebody.
type Demo struct {
	Organisasjoner []roles.Organisation `json:"organisasjoner"`
	Roller         []DemoRolle          `json:"roller"`
	Integrasjoner  []DemoIntegrasjon    `json:"integrasjoner"`
	Ansatte        []DemoAnsatt         `json:"ansatte"`
	Kilder         []DemoKilde          `json:"kilder"`
	// Personer are numbers by what is special about the person.
	Personer map[string]string `json:"personer"`
	// Adresser say where tokens are had and what their issuer is called.
	Adresser map[string]string `json:"adresser"`
}

// DemoRolle is a role.
type DemoRolle struct {
	ID              string         `json:"id"`
	Navn            string         `json:"navn"`
	FiksOrgID       string         `json:"fiksOrgId"`
	Tjenesteomraade string         `json:"tjenesteomraade"`
	Opplysninger    []string       `json:"opplysninger"`
	Bruksomraader   []katalog.Bruk `json:"bruksomraader"`
}

// DemoIntegrasjon is an integration with everything that is secret about it elsewhere.
type DemoIntegrasjon struct {
	ID               string   `json:"id"`
	Navn             string   `json:"navn"`
	FiksOrgID        string   `json:"fiksOrgId"`
	Passord          string   `json:"passord"`
	Orgnr            string   `json:"orgnr"`
	KlientID         string   `json:"klientId"`
	Kid              string   `json:"kid"`
	PrivatnoekkelPem string   `json:"privatnoekkelPem"`
	Roller           []string `json:"roller"`
	Aktiv            bool     `json:"aktiv"`
}

// DemoAnsatt is an employee.
type DemoAnsatt struct {
	ID        string         `json:"id"`
	Navn      string         `json:"navn"`
	FiksOrgID string         `json:"fiksOrgId"`
	Funksjon  roles.Funksjon `json:"funksjon"`
	Roller    []string       `json:"roller"`
}

// plant writes the demonstration data to the store and gives what scripts are told of it.
func (w *World) plant(ctx context.Context, s seed, people *population.Population) (Demo, error) {
	d := Demo{
		Organisasjoner: s.Organisasjoner, Personer: map[string]string{},
		Adresser: map[string]string{
			"api": w.Base, "maskinportenToken": w.Base + pathMaskinp + "/token", "maskinportenUtsteder": w.Maskinporten.Name(),
			"idportenToken": w.Base + pathIDPorten + "/token", "scope": vendorScope,
		},
	}
	for name, id := range people.Named() {
		d.Personer[name] = id.Reveal()
	}
	ops, err := w.records(s, people, &d)
	if err != nil {
		return d, err
	}
	st, err := w.Env.State()
	if err != nil {
		return d, err
	}
	_, planted, err := store.Read[struct{}](ctx, st, plantedKey)
	if err != nil {
		return d, err
	}
	if err := w.plantSources(ctx, st, s, people, &d, planted == ""); err != nil {
		return d, err
	}
	if planted != "" { // what was changed since stays; passwords are those of the secrets
		ops = slices.DeleteFunc(ops, func(op store.Op) bool { return !strings.HasPrefix(op.Key, "integrasjon/") })
	}
	if err := st.Commit(ctx, append(ops, store.Put(plantedKey, []byte("{}")))...); err != nil {
		return d, err
	}
	return d, w.secrets.save()
}

// plantedKey says that the demonstration data, in the shape of this version, is there.
const plantedKey = "demo/plantet-3"

// records are the writes that make the demonstration data, and adds to d what they are.
func (w *World) records(s seed, people *population.Population, d *Demo) ([]store.Op, error) {
	book, err := w.Env.Roles()
	if err != nil {
		return nil, err
	}
	b := batch{}
	for _, o := range s.Organisasjoner {
		b.add(roles.PutOrganisation(o))
	}
	for _, r := range s.Roller {
		b.add(roles.PutRole(katalog.Standard(), r))
		d.Roller = append(d.Roller, DemoRolle{r.ID, r.Navn, r.FiksOrgID, r.Tjenesteomraade, r.Opplysninger, r.Bruksomraader})
	}
	for _, o := range s.Organisasjoner {
		b.add(roles.PutAdministrators(o.FiksOrgID, s.administrators(o.FiksOrgID)))
	}
	for _, a := range s.Ansatte {
		b.add(book.PutAnsatt(a.Ansatt, people.Named()[a.Person]))
		b.assign(a.ID, a.Roller)
		d.Ansatte = append(d.Ansatte, DemoAnsatt{a.ID, a.Navn, a.FiksOrgID, a.Funksjon, a.Roller})
	}
	for _, i := range s.Integrasjoner {
		password := w.secrets.password(i.ID)
		sealed, err := identity.Seal(w.secrets.Password, i.ID, password, time.Time{})
		b.fail(err)
		in := identity.Integration{
			ID: i.ID, Navn: i.Navn, FiksOrgID: i.FiksOrgID, AutorisertOrgnr: i.Orgnr, Passord: []identity.Password{sealed}, Aktiv: i.Aktiv,
		}
		op, err := in.Put()
		b.add([]store.Op{op, in.Index()}, err)
		b.assign(i.ID, i.Roller)
		d.Integrasjoner = append(d.Integrasjoner, DemoIntegrasjon{
			i.ID, i.Navn, i.FiksOrgID, password, i.Orgnr, i.KlientID, keyID(i.KlientID),
			string(pem.EncodeToMemory(w.secrets.pem(i.KlientID)[0])), i.Roller, i.Aktiv,
		})
	}
	return b.ops, b.err
}

// batch gathers writes and the first error.
type batch struct {
	ops []store.Op
	err error
}

func (b *batch) add(ops []store.Op, err error) {
	b.fail(err)
	b.ops = append(b.ops, ops...)
}

func (b *batch) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *batch) assign(aktor string, rolleIDs []string) {
	for _, r := range rolleIDs {
		b.add(roles.PutAssignment(policy.Tildeling{AktorID: aktor, RolleID: r}))
	}
}

func (w *World) demo(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(rw)
	e.SetIndent("", "  ")
	_ = e.Encode(w.Demo) // the caller may be gone
}

// Person gives the number of a named person of the population.
func (w *World) Person(name string) person.ID { return w.Freg.Population().Named()[name] }

// Key is the private key of a demo client.
func (w *World) Key(client string) *rsa.PrivateKey { return w.secrets.key(client) }

// Client is a demo client as Maskinporten knows it.
func (w *World) Client(id string) idsim.Client {
	for _, i := range w.Demo.Integrasjoner {
		if i.KlientID == id {
			return idsim.Client{ID: id, Orgnr: i.Orgnr, Scopes: []string{vendorScope}}
		}
	}
	return idsim.Client{}
}
