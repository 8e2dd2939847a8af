package workbook

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Manifest is SHA-256 over what the list's rows hold, whatever the file's format:
//
//	"hjemmel-liste-1\n" ‖ text(salt) ‖ n(columns) ‖ text(name) of each column ‖ text(cell) of each row's cells in order
//
// where n is an unsigned varint and text is n(bytes) ‖ bytes (UTF-8). It covers the columns' machine names, all cells
// as they were given, and the order of both. It does not cover headers, how a cell is shown, or the cover.
type Manifest [sha256.Size]byte

// String gives the manifest in hexadecimal.
func (m Manifest) String() string { return hex.EncodeToString(m[:]) }

// digest works the manifest out while rows are written.
type digest struct {
	hash hash.Hash
	buf  []byte
}

func newDigest(l List) digest {
	d := digest{hash: sha256.New()}
	d.buf = append(d.buf, "hjemmel-liste-1\n"...)
	d.text(string(l.Salt))
	d.buf = binary.AppendUvarint(d.buf, uint64(len(l.Columns)))
	for _, c := range l.Columns {
		d.text(c.Name)
	}
	d.flush()
	return d
}

func (d *digest) row(cells []string) {
	for _, c := range cells {
		d.text(c)
	}
	d.flush()
}

func (d *digest) text(s string) {
	d.buf = binary.AppendUvarint(d.buf, uint64(len(s)))
	d.buf = append(d.buf, s...)
}

func (d *digest) flush() {
	_, _ = d.hash.Write(d.buf) // a hash never errs
	d.buf = d.buf[:0]
}

func (d *digest) sum() (m Manifest) {
	d.hash.Sum(m[:0])
	return m
}
