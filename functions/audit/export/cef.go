package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hjemmel/shared/audit"
)

// In CEF (ArcSight, version 0) a pipe ends a part of the header and an equals sign a key; a line ends an event.
var (
	headerEscape = strings.NewReplacer(`\`, `\\`, `|`, `\|`, "\r", " ", "\n", " ", "\u2028", " ", "\u2029", " ", "\u0085", " ")
	valueEscape  = strings.NewReplacer(`\`, `\\`, `=`, `\=`, "\r", `\r`, "\n", `\n`, "\u2028", " ", "\u2029", " ", "\u0085", " ")
)

// severities are from 0 to 10: refusals and what is out of the ordinary stand out.
var severities = map[audit.Utfall]int{audit.Utlevert: 3, audit.IngenData: 2, audit.Avslag: 6, audit.Gitt: 7, audit.Feilet: 4, audit.Utfoert: 5}

// Line is an entry as one event of CEF, without an end of line. It holds the pseudonym and never the number.
func Line(e audit.Entry) string {
	severity := severities[e.Utfall]
	if e.Avdekket {
		severity = 8
	}
	line := fmt.Sprintf("CEF:0|Hjemmel|Hjemmel|1|%s|%s|%d|", header(e.Handling), header(e.Handling+" "+strings.ToLower(string(e.Utfall))), severity)
	pairs := []string{"rt", strconv.FormatInt(e.Tid.UnixMilli(), 10), "externalId", e.ID(), "act", e.Handling, "outcome", string(e.Utfall), "suid", e.Aktor,
		"sproc", e.PaaVegneAv, "duid", e.Subjekt, "reason", e.Feilkode, "cat", e.Tjenesteomraade, "requestContext", e.RequestID}
	labelled := []string{"fiksOrgId", e.FiksOrgID, "rolle", e.Rolle, "formaal", e.Formaal, "regler", joined(e.Regler), "utlevert", joined(e.Levert), "gjelder", e.Gjelder}
	for i := 0; i < len(labelled); i += 2 {
		if labelled[i+1] != "" {
			key := fmt.Sprintf("cs%d", i/2+1)
			pairs = append(pairs, key+"Label", labelled[i], key, labelled[i+1])
		}
	}
	var said []string
	for p := range slices.Chunk(pairs, 2) {
		if p[1] != "" {
			said = append(said, p[0]+"="+valueEscape.Replace(printable(p[1])))
		}
	}
	return line + strings.Join(said, " ")
}

func header(s string) string { return headerEscape.Replace(printable(s)) }

// printable drops what could end a line or an event in some reader: control characters other than those that
// are escaped.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\r' && r != '\n' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Lines are entries as CEF, an event a line.
func Lines(entries []audit.Entry) []byte {
	var out strings.Builder
	for _, e := range entries {
		out.WriteString(Line(e) + "\n")
	}
	return []byte(out.String())
}
