package audit

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Receipt (kvittering) proves that entries were written before their answer left. Only [Log.Append]
// makes one that is valid; the zero Receipt means not written, and answers refuse it.
type Receipt struct {
	skriver    string
	first      uint64
	count      int
	commitment [sha256.Size]byte
}

func newReceipt(skriver string, first uint64, records []Record) Receipt {
	commitments := make([][]byte, len(records))
	for i, r := range records {
		commitments[i] = r.Forplikt
	}
	return Receipt{skriver, first, len(records), root(commitments)}
}

// Valid reports whether entries were written.
func (r Receipt) Valid() bool { return r.count > 0 }

// Count is the number of entries that the receipt is for.
func (r Receipt) Count() int { return r.count }

// EntryID names the first entry of the receipt: {skriver}-{nr}.
func (r Receipt) EntryID() string { return entryID(r.skriver, r.first) }

// First is the writer and the number of the first entry of the receipt; the others follow it.
func (r Receipt) First() (skriver string, nr uint64) { return r.skriver, r.first }

// Commits reports whether the receipt is for entries of exactly these commitments, in this order.
func (r Receipt) Commits(commitments [][]byte) bool {
	return r.Valid() && len(commitments) == r.count && root(commitments) == r.commitment
}

// String is the receipt as it stands in the header Hjemmel-Kvittering:
//
//	v1.{skriver}.{nr of the first entry}.{number of entries}.{commitment, base64url}
//
// For one entry the commitment is the entry's own; for several it is the root of the RFC 6962 tree
// over their commitments in order.
func (r Receipt) String() string {
	if !r.Valid() {
		return ""
	}
	return fmt.Sprintf("v1.%s.%d.%d.%s", r.skriver, r.first, r.count, base64.RawURLEncoding.EncodeToString(r.commitment[:]))
}

// ErrReceipt is returned for a text that is not a receipt.
var ErrReceipt = errors.New("audit: not a receipt")

// ParseReceipt reads what String writes. A parsed receipt is a claim to be checked against the log,
// not a proof that we made it.
func ParseReceipt(s string) (Receipt, error) {
	f := strings.Split(s, ".")
	if len(f) != 5 || f[0] != "v1" || len(f[1]) != 20 || strings.Trim(f[1], "0123456789abcdef") != "" {
		return Receipt{}, ErrReceipt
	}
	first, err1 := strconv.ParseUint(f[2], 10, 64)
	count, err2 := strconv.Atoi(f[3])
	sum, err3 := base64.RawURLEncoding.DecodeString(f[4])
	r := Receipt{skriver: f[1], first: first, count: count}
	if err1 != nil || err2 != nil || err3 != nil || count < 1 || count > maxBatch || first < 1 || copy(r.commitment[:], sum) != sha256.Size || len(sum) != sha256.Size || r.String() != s {
		return Receipt{}, ErrReceipt
	}
	return r, nil
}

// saltSize is the length of every salt, so that salt and entry cannot be divided in another place.
const saltSize = 32

// commit is the commitment to an entry: SHA-256(salt ‖ canonical entry). The salt makes it tell
// nothing about an entry that was erased.
func commit(salt, body []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return h.Sum(nil)
}

// root is the commitment of a receipt: the entry's own, or the RFC 6962 tree root over several.
func root(commitments [][]byte) (sum [sha256.Size]byte) {
	if len(commitments) == 1 {
		copy(sum[:], commitments[0])
		return sum
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, x := range at {
			out[i] = stored[x]
		}
		return out, nil
	})
	for i, c := range commitments {
		hashes, err := tlog.StoredHashes(int64(i), c, reader)
		if err != nil {
			return sum // unreachable: the reader never fails
		}
		stored = append(stored, hashes...)
	}
	h, err := tlog.TreeHash(int64(len(commitments)), reader)
	if err != nil {
		return sum // unreachable: the reader never fails
	}
	return h
}

// Holds reports whether the entry is what the commitment says.
func (r Record) Holds() bool {
	return len(r.Salt) == saltSize && len(r.Forplikt) == sha256.Size && subtle.ConstantTimeCompare(commit(r.Salt, r.Innslag), r.Forplikt) == 1
}

// Open checks a stored record against its commitment and reads the entry. An erased entry gives
// ErrErased, a changed one ErrTampered.
func Open(value []byte) (Entry, Record, error) {
	var r Record
	if err := json.Unmarshal(value, &r); err != nil {
		return Entry{}, Record{}, ErrTampered
	}
	switch {
	case len(r.Forplikt) != sha256.Size:
		return Entry{}, r, ErrTampered
	case r.Innslag == nil && r.Salt == nil:
		return Entry{}, r, ErrErased
	case !r.Holds():
		return Entry{}, r, ErrTampered
	}
	var e Entry
	if err := json.Unmarshal(r.Innslag, &e); err != nil {
		return Entry{}, r, ErrTampered
	}
	return e, r, nil
}

// What can be wrong with a stored record.
var (
	ErrErased   = errors.New("audit: the entry was erased after its retention")
	ErrTampered = errors.New("audit: the entry does not match its commitment")
)
