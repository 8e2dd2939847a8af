// Package data holds the word lists and the table of kommuner that the synthetic population is made
// of. Its README says where each file comes from.
//
// It refuses to hold anything about persons.
package data

import (
	"embed"
	"strconv"
	"strings"
)

//go:embed fornavn.txt etternavn.txt gater.txt kommuner.txt
var files embed.FS

// Tables are the lists in memory. Every person and address refers to them by index.
type Tables struct {
	// Words are first names, then surnames. Ordinary ones come first in each half.
	Words    []string
	First    Range // the first names among Words
	Last     Range // the surnames among Words
	Streets  []string
	Kommuner []Kommune
	Places   []Place
	// Draw holds indexes into Places, each as often as its kommune has postal codes per place.
	Draw []uint16
}

// Range is a part of a list: From up to Special are ordinary, Special up to To are the hard cases.
type Range struct{ From, Special, To int }

// Kommune is a municipality: four digits and the Norwegian name.
type Kommune struct{ Nummer, Navn string }

// Place is a postal code in a kommune.
type Place struct {
	Kommune              int // index into Kommuner
	Postnummer, Poststed string
}

// Load reads the embedded files.
func Load() *Tables {
	t := &Tables{Streets: strings.Split(read("gater.txt"), "\n")}
	t.First = t.words("fornavn.txt")
	t.Last = t.words("etternavn.txt")
	for line := range strings.SplitSeq(read("kommuner.txt"), "\n") {
		t.kommune(strings.Split(line, ";"))
	}
	return t
}

func (t *Tables) words(file string) Range {
	ordinary, special, _ := strings.Cut(read(file), "\n\n")
	r := Range{From: len(t.Words)}
	t.Words = append(t.Words, strings.Split(ordinary, "\n")...)
	r.Special = len(t.Words)
	t.Words = append(t.Words, strings.Split(special, "\n")...)
	r.To = len(t.Words)
	return r
}

func (t *Tables) kommune(f []string) {
	first := len(t.Places)
	for _, p := range f[3:] {
		postnummer, poststed, _ := strings.Cut(p, " ")
		t.Places = append(t.Places, Place{len(t.Kommuner), postnummer, poststed})
	}
	weight, _ := strconv.Atoi(f[2])
	for i := range weight {
		t.Draw = append(t.Draw, uint16(first+i%(len(t.Places)-first)))
	}
	t.Kommuner = append(t.Kommuner, Kommune{f[0], f[1]})
}

// read gives an embedded file without its last newline. The files are fixed at build time and a
// test reads them all, so that there is no error to handle.
func read(file string) string {
	b, _ := files.ReadFile(file)
	return strings.TrimSuffix(string(b), "\n")
}
