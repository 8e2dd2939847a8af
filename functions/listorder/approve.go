package listorder

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hjemmel/shared/api"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
	"hjemmel/shared/identity"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
	"hjemmel/shared/policy"
	"hjemmel/shared/roles"
)

// wait is how long an order can wait for approval before it is removed.
const wait = 7 * 24 * time.Hour

// What stops an approval.
var (
	errSystem     = fault.New(fault.Denied, "GODKJENNER_MAA_LOGGE_INN", "Bare ansatte som selv logger inn, kan godkjenne lister. Fagsystemer slipper ikke til.")
	errOwnOrder   = fault.New(fault.Denied, "EGEN_BESTILLING", "Den som har bestilt en liste, kan ikke selv godkjenne den.")
	errNotWaiting = fault.New(fault.Conflict, "INNBYGGERLISTE_VENTER_IKKE", "Listen venter ikke på godkjenning, eller noen har alt svart.")
	errReason     = fault.New(fault.Invalid, "GRUNN_MANGLER", "Skriv en grunn på 3 til 400 tegn når en bestilling ikke godkjennes.")
)

// overseen finds the list of the path for an employee who holds its role or administers its organisation.
func (o *orders) overseen(e *errand) error {
	if e.who.Kind() != identity.KindEmployee {
		return errSystem
	}
	err := o.find(e)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	l, ok, err := o.lists.Liste(e.Context(), strings.ToLower(e.PathValue("innbyggerlisteId")))
	if err != nil {
		return err
	}
	as, err := o.roles.Ansettelser(e.Context(), e.who, roles.Administrator)
	if err != nil {
		return err
	}
	for _, a := range as {
		if ok && a.FiksOrgID == l.FiksOrgID && o.now().Before(l.Utloepsdato) {
			e.liste, e.holder = l, policy.Holder{Aktor: a.ID, FiksOrgID: a.FiksOrgID}
			return nil
		}
	}
	return errNoList
}

// approval is an order that waits, or waited, for somebody's approval.
type approval struct {
	Godkjenning *lists.Godkjenning `json:"godkjenning"`
	RolleID     string             `json:"rolleId"`
	OpprettetAv string             `json:"opprettetAv"`
	Opprettet   time.Time          `json:"opprettet"`
	Beskrivelse string             `json:"beskrivelse"`
	Formaal     string             `json:"formaal"`
	Kriterier   []string           `json:"kriterier"`
	Kolonner    []columnOut        `json:"kolonner"`
	Anslag      size               `json:"anslag"`
}

var errNoApproval = fault.New(fault.NotFound, "GODKJENNING_IKKE_FUNNET", "Listen trenger ingen godkjenning.")

// awaited tells what there is to approve.
func (o *orders) awaited(e *errand) error {
	if err := o.overseen(e); err != nil {
		return err
	}
	l := e.liste
	if l.Godkjenning == nil {
		return errNoApproval
	}
	t, err := template.New(l.Mal, l.Kolonner)
	if err != nil {
		return err
	}
	about, err := o.sized(e.Context(), l)
	if err != nil {
		return err
	}
	receipt, err := o.changes.Note(e.Context(), e.entry(audit.Utlevert))
	if err != nil {
		return err
	}
	e.w.Header().Set(api.ReceiptHeader, receipt.String())
	return api.Write(e.w, http.StatusOK, approval{
		l.Godkjenning, l.RolleID, l.OpprettetAv, l.Opprettet, l.Beskrivelse, l.Formaal, strings.Split(l.Kriterier, "\n"), shownColumns(t.Columns), about,
	})
}

// approve takes a decision about an order that waits, by somebody else than the one who ordered.
func (o *orders) approve(e *errand) error {
	var answer struct {
		Godkjent bool   `json:"godkjent"`
		Grunn    string `json:"grunn"`
	}
	body, err := api.ReadBody(e.Request, &answer)
	if err != nil {
		return err
	}
	if err := o.overseen(e); err != nil {
		return err
	}
	if answer.Grunn = strings.TrimSpace(answer.Grunn); !reasonable(answer.Grunn, answer.Godkjent) {
		return errReason
	}
	out, err := o.changes.Make(e.Request, e.holder.Aktor, body, func() (host.Plan, error) {
		g := lists.Godkjenning{Tilstand: lists.Godkjent, Av: e.holder.Aktor, Grunn: answer.Grunn}
		if !answer.Godkjent {
			g.Tilstand = lists.Avvist
		}
		return o.decided(e, g)
	})
	if err != nil {
		return err
	}
	if answer.Godkjent {
		o.nudge(e, e.liste.ID)
	}
	return out.Write(e.w)
}

// reasonable reports whether a text can be a reason: it is not needed to approve.
func reasonable(s string, approved bool) bool {
	n := utf8.RuneCountInString(s)
	return (approved && n == 0 || n >= 3) && n <= 400 && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// decided is the decision about the list as it is now, and the work that it lets begin.
func (o *orders) decided(e *errand, g lists.Godkjenning) (host.Plan, error) {
	if err := o.overseen(e); err != nil {
		return host.Plan{}, err
	}
	l := &e.liste
	if !l.Venter() {
		return host.Plan{}, errNotWaiting
	}
	switch own, err := o.own(e); {
	case err != nil:
		return host.Plan{}, err
	case own:
		return host.Plan{}, errOwnOrder
	}
	ops, err := o.lists.Decide(e.Context(), l, g, o.now().Add(life), o.now())
	if err != nil {
		return host.Plan{}, err
	}
	if g.Tilstand == lists.Godkjent {
		work, err := o.work.Order(l.ID, []byte(l.FiksOrgID))
		if err != nil {
			return host.Plan{}, err
		}
		ops = append(ops, work)
	}
	entry := e.entry(audit.Utfoert)
	entry.Endret = []string{string(g.Tilstand)}
	reply, err := host.ReplyJSON(http.StatusOK, "", shown(*l))
	return host.Plan{Ops: ops, Entry: entry, Reply: reply}, err
}

// own reports whether the caller is who ordered the list, also in another employment or through a system.
func (o *orders) own(e *errand) (bool, error) {
	var accepted disclosure.Order
	if err := json.Unmarshal(e.liste.Bestilling, &accepted); err != nil {
		return true, err
	}
	same, err := o.desk.OrderedBy(accepted, e.who)
	return same || e.liste.OpprettetAv == e.holder.Aktor, err
}
