// Package sheet writes rows as a workbook with one sheet (XLSX, ECMA-376), for answers of a few thousand rows.
//
// It refuses formulas: every cell is text, whatever it begins with.
package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"strings"
)

// Media is the workbook's media type.
const Media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

const (
	head      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packaged  = "http://schemas.openxmlformats.org/package/2006/"
	mainML    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	mediaML   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	// maxCell is how many bytes of a cell are kept: Excel takes as many characters.
	maxCell = 32_767
)

// parts are those of a workbook that say nothing of what is in it.
var parts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="` + packaged + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + mediaML + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mediaML + `worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="` + packaged + `relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packaged + `relationships"><Relationship Id="rId1" Type="` + relations + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="` + mainML + `" xmlns:r="` + relations + `"><sheets><sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
}

// Write gives the workbook of the rows.
func Write(rows [][]string) ([]byte, error) {
	var sheet bytes.Buffer
	sheet.WriteString(`<worksheet xmlns="` + mainML + `"><sheetData>`)
	for _, row := range rows {
		sheet.WriteString("<row>")
		for _, cell := range row {
			if len(cell) > maxCell {
				cell = strings.ToValidUTF8(cell[:maxCell-3], "") + "…"
			}
			sheet.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
			_ = xml.EscapeText(&sheet, []byte(cell)) // to memory
			sheet.WriteString("</t></is></c>")
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString("</sheetData></worksheet>")
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range append(parts[:len(parts):len(parts)], struct{ name, text string }{"xl/worksheets/sheet1.xml", sheet.String()}) {
		w, err := z.Create(p.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(head + p.text)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}
