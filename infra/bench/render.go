package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"hjemmel/functions/listrender/workbook"
	"hjemmel/shared/lists/template"
)

// The list that is rendered: as many rows as a large city has people.
const (
	renderRows    = 700_000
	renderColumns = 20
)

// renderers write the same list to nowhere, each in a process of its own.
var renderers = map[string]func() error{"floor": renderFloor, "stream": renderStream, "ours": renderOurs}

// cost is what a process used.
type cost struct {
	CPU  time.Duration
	Peak int64 // bytes resident, at most
}

// render compares the file of a list with bare XML through the same deflate, and with excelize's own stream.
func render() ([]measurement, error) {
	best := map[string]cost{}
	for _, name := range strings.Fields("floor ours stream floor ours floor ours") { // in turn, so that what disturbs one disturbs all
		c, err := measured(name)
		if err != nil {
			return nil, err
		}
		if b, ok := best[name]; !ok || c.CPU < b.CPU {
			best[name] = c
		}
	}
	ours, floor, stream := best["ours"], best["floor"], best["stream"]
	ratio := func(a, b time.Duration) string { return fmt.Sprintf("%.2f ×", float64(a)/float64(b)) }
	what := fmt.Sprintf("%d rows × %d columns", renderRows, renderColumns)
	return []measurement{
		{"list as XLSX, " + what + ", CPU", seconds(ours.CPU), seconds(floor.CPU) + " (bare XML and deflate)", ratio(ours.CPU, floor.CPU), "≤ 1.3 ×"},
		{"the same", seconds(ours.CPU), seconds(stream.CPU) + " (excelize's StreamWriter)", ratio(ours.CPU, stream.CPU), ""},
		{"peak resident memory", mebibytes(ours.Peak), mebibytes(floor.Peak) + " (bare), " + mebibytes(stream.Peak) + " (StreamWriter)", fmt.Sprintf("%.2f ×", float64(ours.Peak)/float64(floor.Peak)), "≤ 64 MiB"},
	}, nil
}

// measured runs this program again, as the renderer.
func measured(name string) (c cost, err error) {
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	out, err := exec.Command(self, "-renderer", name).Output() //nolint:gosec,noctx // this program; a benchmark
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(out, &c)
}

// rendered runs one renderer and prints what it cost.
func rendered(name string) error {
	run, ok := renderers[name]
	if !ok {
		return fmt.Errorf("no renderer %q", name)
	}
	if err := run(); err != nil {
		return err
	}
	return spent()
}

// spent prints what this process has cost. The kernel's own figure of a child's memory counts its parent's, so
// the process looks itself.
func spent() error {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return err
	}
	c := cost{CPU: time.Duration(use.Utime.Nano() + use.Stime.Nano())}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(peak, &c.Peak); err != nil {
		return err
	}
	c.Peak <<= 10
	return json.NewEncoder(os.Stdout).Encode(c)
}

// cells fills a row with words and numbers that compress about as names and addresses do.
func cells(row []string, n int) {
	row[0] = strconv.Itoa(10_000_000_000 + n*7919)
	for i := 1; i < len(row); i++ {
		row[i] = pool[(n*31+i*i*17+n/(i+3))%len(pool)]
	}
}

var pool = func() (words []string) {
	for i := range 4093 {
		words = append(words, []string{"Storgata ", "Kari ", "Nordmann ", "BERGEN ", "5"}[i%5]+strconv.Itoa(i*37%10_000))
	}
	return words
}()

func renderFloor() error {
	w, err := flate.NewWriter(io.Discard, flate.DefaultCompression)
	if err != nil {
		return err
	}
	row, buf := make([]string, renderColumns), []byte(nil)
	for n := range renderRows {
		cells(row, n)
		number := strconv.Itoa(n + 2)
		buf = append(append(append(buf, `<row r="`...), number...), `">`...)
		for i, c := range row {
			buf = append(append(append(buf, `<c r="`...), byte('A'+i)), number...)
			buf = append(append(append(buf, `" s="1" t="inlineStr"><is><t>`...), c...), `</t></is></c>`...)
		}
		if buf = append(buf, `</row>`...); len(buf) > 64<<10 {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	if _, err := w.Write(buf); err != nil {
		return err
	}
	return w.Close()
}

func headers() (names []string) {
	for i := range renderColumns {
		names = append(names, "Kolonne "+strconv.Itoa(i+1))
	}
	return names
}

func renderStream() error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	row, values := headers(), make([]any, renderColumns)
	for n := range renderRows + 1 {
		if n > 0 {
			cells(row, n-1)
		}
		for i, c := range row {
			values[i] = excelize.Cell{StyleID: text, Value: c}
		}
		if err := s.SetRow("A"+strconv.Itoa(n+1), values); err != nil {
			return err
		}
	}
	if err := s.AddTable(&excelize.Table{Range: "A1:T" + strconv.Itoa(renderRows+1)}); err != nil {
		return err
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(io.Discard)
}

func renderOurs() error {
	l := workbook.List{Salt: make([]byte, 16)}
	for _, h := range headers() {
		l.Columns = append(l.Columns, template.Column{Name: h, Header: h})
	}
	w, err := workbook.New(io.Discard, workbook.XLSX, l)
	if err != nil {
		return err
	}
	row := make([]string, renderColumns)
	for n := range renderRows {
		cells(row, n)
		if err := w.Row(row); err != nil {
			return err
		}
	}
	return w.Close(workbook.Cover{Title: "t", Organisation: "o", Rolle: "r", Hjemler: []string{"h"}, Receipt: "k"})
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }
