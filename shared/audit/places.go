package audit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/store"
)

// SubjectPrefix is below which the store holds where an organisation's entries about a
// person lie, and ActorPrefix those of an employee or an integration: one record a commit, at
// {microseconds since 1970}-{first such entry}, with a run of entries a line: so that what is not wanted need not be read.
func SubjectPrefix(fiksOrgID, pseudonym string) string {
	return "loggperson/" + fiksOrgID + "/" + pseudonym + "/"
}

// ActorPrefix is as SubjectPrefix.
func ActorPrefix(fiksOrgID, aktor string) string { return "loggaktor/" + fiksOrgID + "/" + aktor + "/" }

// Run is entries of one action that follow each other in a stack.
type Run struct {
	Stack       string // its key
	First, Last uint64 // numbers
	Handling    string // "" where the index does not tell
}

// whole is every entry of a stack.
func whole(stack string) Run { return Run{stack, 0, math.MaxUint64, ""} }

// String is a run as it stands in a record.
func (r Run) String() string {
	return strings.TrimSuffix(fmt.Sprintf("%s %d-%d %s", r.Stack, r.First, r.Last, r.Handling), " ")
}

// ReadRuns reads the lines of a record: runs, or whole stacks.
func ReadRuns(value []byte) ([]Run, error) {
	var all []Run
	for line := range strings.Lines(string(value)) {
		stack, bounds, partly := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		r := whole(stack)
		if partly {
			bounds, r.Handling, _ = strings.Cut(bounds, " ")
			from, to, _ := strings.Cut(bounds, "-")
			var err1, err2 error
			r.First, err1 = strconv.ParseUint(from, 10, 64)
			r.Last, err2 = strconv.ParseUint(to, 10, 64)
			if err1 != nil || err2 != nil {
				return nil, ErrTampered
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// places gathers the index of a commit: runs by key, and the key of each person and actor.
type places struct {
	keys map[string]string
	runs map[string][]Run
}

func newPlaces() places { return places{map[string]string{}, map[string][]Run{}} }

// nobody stands for the person of an entry that is about none, so that a search that found somebody whom the
// caller may not see writes no more than one that found nobody.
const nobody = "ingen"

// add indexes an entry that lies in a stack. Entries come in order.
func (p places) add(e Entry, stack string) {
	if !Plain(e.FiksOrgID) {
		return
	}
	subject := nobody
	if Plain(e.Subjekt) {
		subject = e.Subjekt
	}
	p.put(SubjectPrefix(e.FiksOrgID, subject), e, stack)
	if Plain(e.Aktor) {
		p.put(ActorPrefix(e.FiksOrgID, e.Aktor), e, stack)
	}
}

func (p places) put(prefix string, e Entry, stack string) {
	key, ok := p.keys[prefix]
	if !ok {
		key = prefix + Moment(e.Tid) + "-" + entryID(e.Skriver, e.Nr)
		p.keys[prefix] = key
	}
	all := p.runs[key]
	if n := len(all); n > 0 && all[n-1].Stack == stack && all[n-1].Last+1 == e.Nr && all[n-1].Handling == e.Handling {
		all[n-1].Last = e.Nr
		return
	}
	p.runs[key] = append(all, Run{stack, e.Nr, e.Nr, e.Handling})
}

func (p places) ops() []store.Op {
	ops := make([]store.Op, 0, len(p.runs))
	for _, key := range slices.Sorted(maps.Keys(p.runs)) {
		lines := make([]string, len(p.runs[key]))
		for i, r := range p.runs[key] {
			lines[i] = r.String()
		}
		ops = append(ops, store.Create(key, []byte(strings.Join(lines, "\n"))))
	}
	return ops
}

// Moment is a time as it stands in keys, in order from 1970.
func Moment(t time.Time) string { return fmt.Sprintf("%016d", max(0, t.UnixMicro())) }
