package fregsim

import (
	"io/fs"
	"path"
	"strings"

	"hjemmel/shared/fault"
	"hjemmel/shared/freg/fregsim/document"
	"hjemmel/shared/person"
)

// folder holds the documents that override the population, by number.
type folder map[string]filed

type filed struct {
	doc    *document.Document
	former bool
}

// readFolder reads every *.json at the root of fsys.
func readFolder(fsys fs.FS, ids map[string]person.ID) (folder, error) {
	f := folder{}
	if fsys == nil {
		return f, nil
	}
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fault.From(fault.Invalid, "FREGSIM_DOKUMENT", "Dokumentet kan ikke leses.", err)
		}
		doc, err := document.Parse(raw)
		if err != nil {
			return nil, fault.From(fault.Invalid, "FREGSIM_DOKUMENT", "En fil i mappen er ikke et persondokument.", err)
		}
		if !f.file(name, doc, ids[name]) {
			return nil, fault.New(fault.Invalid, "FREGSIM_DOKUMENT_UTEN_NUMMER",
				"Et dokument har ikke noe gyldig syntetisk nummer, verken i innholdet, i filnavnet eller i oppsettet.")
		}
	}
	return f, nil
}

// file puts a document under its numbers: the given one, those in it, or the one that its file name
// ends with. It reports false when there is none, or when one belongs to a person who may be real.
func (f folder) file(name string, doc *document.Document, given person.ID) bool {
	found := f.put(given.Reveal(), filed{doc, false})
	numbers, inUse := doc.Numbers()
	for i, n := range numbers {
		if id, err := person.ParseID(n); err == nil && !id.Synthetic() {
			return false
		}
		found = f.put(n, filed{doc, !inUse[i]}) || found
	}
	stem := strings.TrimSuffix(path.Base(name), ".json")
	if !found && len(stem) >= 11 {
		found = f.put(stem[len(stem)-11:], filed{doc, false})
	}
	return found
}

func (f folder) put(digits string, d filed) bool {
	id, err := person.ParseID(digits)
	if err != nil || !id.Synthetic() {
		return false
	}
	f[digits] = d
	return true
}
