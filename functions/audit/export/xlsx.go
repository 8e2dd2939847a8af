package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"strings"

	"hjemmel/shared/audit"
)

// The parts of a workbook with one sheet (ECMA-376), of which only the sheet has anything to say.
const (
	head      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packaged  = "http://schemas.openxmlformats.org/package/2006/"
	mainML    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	mediaML   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

var parts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="` + packaged + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + mediaML + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mediaML + `worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="` + packaged + `relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="` + mainML + `" xmlns:r="` + relations + `"><sheets><sheet name="Logg" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packaged + `relationships"><Relationship Id="rId1" Type="` + relations + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

// maxCell is how many UTF-16 units Excel keeps of a cell; what is longer ends with an ellipsis.
const maxCell = 32_767

// Workbook writes entries as XLSX. Every cell is text: nothing is run as a formula.
func Workbook(entries []audit.Entry) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		if err := add(z, p.name, []byte(head+p.text)); err != nil {
			return nil, err
		}
	}
	var sheet bytes.Buffer
	sheet.WriteString(head + `<worksheet xmlns="` + mainML + `"><sheetData>`)
	for _, row := range rows(entries) {
		sheet.WriteString("<row>")
		for _, cell := range row {
			if len(cell) > maxCell {
				cell = strings.ToValidUTF8(cell[:maxCell-3], "") + "…"
			}
			sheet.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
			if err := xml.EscapeText(&sheet, []byte(cell)); err != nil {
				return nil, err
			}
			sheet.WriteString("</t></is></c>")
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString("</sheetData></worksheet>")
	if err := add(z, "xl/worksheets/sheet1.xml", sheet.Bytes()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func add(z *zip.Writer, name string, b []byte) error {
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}
