package person_test

import (
	"bytes"
	"database/sql/driver"
	"encoding"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"text/template"

	jsonv2 "github.com/go-json-experiment/json"

	"hjemmel/shared/person"
)

const digits = "14827849805"

func secret(t testing.TB) person.ID {
	t.Helper()
	id, err := person.ParseID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// silent fails the test where the number stands in the text in any of the ways that fmt spells
// strings and bytes.
func silent(t testing.TB, how, text string) {
	t.Helper()
	h := hex.EncodeToString([]byte(digits))
	var spaced, decimal []string
	for _, c := range []byte(digits) {
		spaced, decimal = append(spaced, fmt.Sprintf("%x", c)), append(decimal, fmt.Sprint(c))
	}
	for _, form := range []string{digits, h, strings.ToUpper(h), strings.Join(spaced, " "), strings.Join(decimal, " ")} {
		if strings.Contains(text, form) {
			t.Errorf("%s tells the number: %s", how, text)
		}
	}
}

// The ways in which code holds a number, on purpose or not.
type (
	open    struct{ ID person.ID }
	closed  struct{ id person.ID }
	pointer struct{ id *person.ID }
	deep    struct{ a []closed }
	holder  interface{ hold() }
	failure struct{ id person.ID }
)

func (closed) hold()          {}
func (failure) Error() string { return "failure" }

func holders(id person.ID) map[string]any {
	return map[string]any{
		"the ID": id, "a pointer": &id, "a field": open{id}, "an unexported field": closed{id}, "a pointer to one": &closed{id},
		"an unexported pointer": pointer{&id}, "a slice": []person.ID{id, id}, "an array": [2]person.ID{id}, "a key": map[person.ID]bool{id: true},
		"a map": map[string]person.ID{"id": id}, "a map of structs": map[closed]*pointer{{id}: {&id}}, "deep down": deep{[]closed{{id}}},
		"an interface": []any{id, holder(closed{id})}, "a slice of pointers": []*person.ID{&id}, "an error": failure{id},
		"a channel of them": make(chan person.ID, 1), "an anonymous struct": struct{ a, b any }{id, &id},
	}
}

func TestNoVerbPrintsAnID(t *testing.T) {
	id := secret(t)
	for how, v := range holders(id) {
		for _, verb := range "vTtbcdoOqxXUeEfFgGspwz" {
			for _, flag := range []string{"", "+", "#", "-", " ", "0", "+#", "20", ".3", "-30.20", "# "} {
				format := "%" + flag + string(verb)
				silent(t, how+" as "+format, fmt.Sprintf(format, v))
				silent(t, how+" as "+format, fmt.Errorf(format+" %w", v, io.EOF).Error())
			}
		}
		silent(t, how, fmt.Sprint(v)+fmt.Sprintln(v, v)+string(fmt.Append(nil, v)))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "% x", "%20v", "%-4s|", "%.1s", "%c", "%U"} {
		for how, v := range map[string]any{"ID": id, "pointer": &id, "nobody": person.ID{}} {
			if got := strings.TrimSuffix(fmt.Sprintf(verb, v), "|"); got != person.Mask {
				t.Errorf("%s as %s is %q", how, verb, got)
			}
		}
	}
	if got := fmt.Sprintf("%v %v", open{id}, []person.ID{id}); got != "{▮} [▮]" {
		t.Errorf("in what is exported: %s", got)
	}
}

func TestNoLogPrintsAnID(t *testing.T) {
	id := secret(t)
	var out bytes.Buffer
	keep := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	for name, h := range map[string]slog.Handler{
		"text": slog.NewTextHandler(&out, keep), "json": slog.NewJSONHandler(&out, keep),
	} {
		for how, v := range holders(id) {
			out.Reset()
			l := slog.New(h)
			l.Info("hei", "v", v)
			l.With("v", v).WithGroup("g").Debug("hei", slog.Group("h", slog.Any("v", v)), slog.Any("e", fmt.Errorf("x: %v", v)))
			silent(t, how+" in "+name, out.String())
			if how == "the ID" && !strings.Contains(out.String(), person.Mask) {
				t.Errorf("%s does not show the mask: %s", name, out.String())
			}
		}
	}
	out.Reset()
	log.New(&out, "", 0).Printf("%v %+v %#v", id, closed{id}, pointer{&id})
	silent(t, "package log", out.String())
}

// Encoding is refused rather than masked: a mask that is stored would look like an answer.
func TestNoEncodingTakesAnID(t *testing.T) {
	id := secret(t)
	var out bytes.Buffer
	for how, err := range map[string]error{
		"json":         encode(&out, json.Marshal, id),
		"json field":   encode(&out, json.Marshal, open{id}),
		"json key":     encode(&out, json.Marshal, map[person.ID]int{id: 1}),
		"json pointer": encode(&out, json.Marshal, []*person.ID{&id}),
		"json v2":      encode(&out, func(v any) ([]byte, error) { return jsonv2.Marshal(v) }, open{id}),
		"json v2 key":  encode(&out, func(v any) ([]byte, error) { return jsonv2.Marshal(v) }, map[person.ID]int{id: 1}),
		"json encoder": json.NewEncoder(&out).Encode(map[string]any{"a": []any{id}}),
		"xml":          encode(&out, xml.Marshal, open{id}),
		"xml attribute": encode(&out, xml.Marshal, struct {
			ID person.ID `xml:",attr"`
		}{id}),
		"gob":           gob.NewEncoder(&out).Encode(open{id}),
		"gob of itself": gob.NewEncoder(&out).Encode(id),
		"text":          encode(&out, func(v any) ([]byte, error) { return v.(encoding.TextMarshaler).MarshalText() }, id),
		"a database": encode(&out, func(v any) ([]byte, error) {
			_, err := driver.DefaultParameterConverter.ConvertValue(v)
			return nil, err
		}, id),
	} {
		if err == nil {
			t.Errorf("%s encodes an ID", how)
			continue
		}
		silent(t, how+"'s error", err.Error())
	}
	silent(t, "what was written before the error", out.String())
	out.Reset()
	if err := template.Must(template.New("").Parse(`{{.ID}} {{printf "%q" .ID}} {{.}}`)).Execute(&out, open{id}); err != nil {
		t.Error(err)
	}
	if err := htmltemplate.Must(htmltemplate.New("").Parse(`<a href="/{{.ID}}" title="{{.}}">{{.ID}}</a>`)).Execute(&out, open{id}); err != nil {
		silent(t, "a template's error", err.Error())
	}
	silent(t, "a template", out.String())
	// What is unexported is left out as always.
	if b, err := json.Marshal(closed{id}); err != nil || string(b) != "{}" {
		t.Errorf("%s, %v", b, err)
	}
}

func encode(out io.Writer, marshal func(any) ([]byte, error), v any) error {
	b, err := marshal(v)
	_, _ = out.Write(b)
	return err
}

// panics are the ways in which a goroutine ends with a number in its hands.
var panics = map[string]func(id person.ID){
	"id":        func(id person.ID) { panic(id) },
	"pointer":   func(id person.ID) { panic(&id) },
	"struct":    func(id person.ID) { panic(closed{id}) },
	"error":     func(id person.ID) { panic(failure{id}) },
	"wrapped":   func(id person.ID) { panic(fmt.Errorf("%v %+v: %w", id, closed{id}, failure{id})) },
	"text":      func(id person.ID) { panic(fmt.Sprintf("%v %#v", id, closed{id})) },
	"assertion": func(id person.ID) { _ = any(id).(interface{ Nobody() }) },
	"nil map":   func(id person.ID) { var m map[person.ID]int; m[id]++ },
	"index":     func(id person.ID) { _ = []person.ID{id}[len(id.Reveal())] },
	"unhashable": func(id person.ID) {
		_ = map[any]int{[]person.ID{id}: 1} //nolint:gocritic // it panics, which is the point
	},
}

const panicEnv = "HJEMMEL_TEST_PANIC"

// A crash prints the panic's value and every goroutine; both go to logs that many can read.
func TestNoPanicPrintsAnID(t *testing.T) {
	if crash := panics[os.Getenv(panicEnv)]; crash != nil {
		id := secret(t)
		go crash(id)
		select {} // the goroutine takes the process along
	}
	for name := range panics {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoPanicPrintsAnID$") //nolint:gosec // this test itself
			cmd.Env = append(os.Environ(), panicEnv+"="+name, "GOTRACEBACK=all")
			out, err := cmd.CombinedOutput()
			if !errors.As(err, new(*exec.ExitError)) || !bytes.Contains(out, []byte("goroutine ")) {
				t.Fatalf("the child did not crash: %v\n%s", err, out)
			}
			silent(t, "the crash", string(out))
		})
	}
}
