package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/klauspost/compress/flate"
)

// Bounds of a sheet and of the file. Over 4 GiB zip needs its 64-bit form, of which Excel takes no more
// than some.
const (
	sheetRows = 1_048_576
	partBytes = math.MaxUint32 - 1<<20 // leaves room for what follows the rows
	fileBytes = math.MaxUint32 - 64<<20
)

// spreadsheet is a list as XLSX. excelize makes the workbook; the rows are written where they belong in
// its sheets while these are zipped straight to their destination. Data sheets are written first and all
// that depends on them last.
type spreadsheet struct {
	list    List
	out     *counter
	zip     *zip.Writer
	encoder encoder
	sheets  []int // rows of each data sheet
	part    io.Writer
	written int64 // bytes of the open data sheet
	buf     []byte

	maxRows  int // of one sheet, with headers
	maxPart  int64
	maxBytes int64
}

// counter counts what is written.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

func newXLSX(to io.Writer, l List) (file, error) {
	out := &counter{Writer: to}
	x := &spreadsheet{list: l, out: out, zip: zip.NewWriter(out), encoder: newEncoder(l), maxRows: sheetRows, maxPart: partBytes, maxBytes: fileBytes}
	x.zip.RegisterCompressor(zip.Deflate, deflater())
	return x, x.begin()
}

// deflater uses one compressor for all parts, since they are written one after the other.
func deflater() zip.Compressor {
	var one *flate.Writer
	return func(w io.Writer) (_ io.WriteCloser, err error) {
		if one == nil {
			one, err = flate.NewWriter(w, flate.DefaultCompression)
			return one, err
		}
		one.Reset(w)
		return one, nil
	}
}

// rowsEnd is where a sheet's rows end and what follows them begins.
const rowsEnd = "</sheetData>"

// around gives what stands before and after the rows of the last data sheet.
func (x *spreadsheet) around() (before, after []byte, err error) {
	last := len(x.sheets) - 1
	parts, err := frame(x.list, nil, Cover{}, x.sheets)
	if err != nil {
		return nil, nil, err
	}
	before, after, ok := bytes.Cut(parts[sheetPart(last)], []byte(rowsEnd))
	if !ok {
		return nil, nil, errors.New("workbook: a sheet without rows")
	}
	return before, after, nil
}

// begin opens the next data sheet.
func (x *spreadsheet) begin() error {
	x.sheets, x.written = append(x.sheets, 0), 0
	before, _, err := x.around()
	if err != nil {
		return err
	}
	if x.part, err = x.zip.Create(sheetPart(len(x.sheets) - 1)); err != nil {
		return err
	}
	x.buf = append(x.buf[:0], before...)
	return nil
}

// end closes the open data sheet.
func (x *spreadsheet) end() error {
	_, after, err := x.around()
	if err != nil {
		return err
	}
	x.buf = append(append(x.buf, rowsEnd...), after...)
	return x.flush()
}

func (x *spreadsheet) flush() error {
	n, err := x.part.Write(x.buf)
	x.written += int64(n)
	x.buf = x.buf[:0]
	return err
}

const chunk = 64 << 10

func (x *spreadsheet) row(cells []string) error {
	if x.out.n > x.maxBytes {
		return tooLarge
	}
	last := len(x.sheets) - 1
	if x.list.headerRows()+x.sheets[last] == x.maxRows || x.written+int64(len(x.buf)) > x.maxPart {
		if err := x.end(); err != nil {
			return err
		}
		if err := x.begin(); err != nil {
			return err
		}
		last++
	}
	x.sheets[last]++
	x.buf = x.encoder.row(x.buf, x.list.headerRows()+x.sheets[last], cells)
	if len(x.buf) < chunk {
		return nil
	}
	return x.flush()
}

func (x *spreadsheet) close(c Cover, s Summary) error {
	if err := x.end(); err != nil {
		return err
	}
	parts, err := frame(x.list, c.lines(s, x.list.Salt), c, x.sheets)
	if err != nil {
		return err
	}
	for i := range x.sheets {
		delete(parts, sheetPart(i))
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := x.zip.Create(name)
		if err != nil {
			return err
		}
		if _, err := w.Write(parts[name]); err != nil {
			return err
		}
	}
	return x.zip.Close()
}
