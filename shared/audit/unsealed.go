package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hjemmel/shared/store"
)

// Unsealed is a stack that sealing has not taken yet. It is written in the stack's own commit and
// removed when its entries have their leaves, so that what remains is what is to be done. It holds
// commitments and nothing else of the entries.
type Unsealed struct {
	// Skriver and Nr are the stack's first entry, as in its Key.
	Skriver string
	Nr      uint64
	// Tid is when the first entry was written, to the microsecond.
	Tid time.Time
	// Commitments are those of the stack's entries in order, 32 bytes each.
	Commitments [][]byte
}

// UnsealedPrefix is where the store holds them: loggny/{skriver}/{nr of the last entry}.
const UnsealedPrefix = "loggny/"

// PlacedPrefix is below which notes lie of entries that got their leaves and that nobody has looked at since: runs, as
// [ReadRuns] reads them. The commit that gives the leaves writes them, so that each entry is in one note once; whoever looks
// takes entries out of the note in the commit of what came of it.
const PlacedPrefix = "loggplassert/"

// UnsealedKey is where the stack of a writer that ends with entry last is noted.
func UnsealedKey(skriver string, last uint64) string {
	return fmt.Sprintf("%s%s/%012d", UnsealedPrefix, skriver, last)
}

// Last is the number of the stack's last entry.
func (u Unsealed) Last() uint64 { return u.Nr + uint64(len(u.Commitments)) - 1 }

// create gives the write: microseconds since 1970 in 8 bytes, then the commitments.
func (u Unsealed) create() store.Op {
	b := binary.BigEndian.AppendUint64(nil, uint64(u.Tid.UnixMicro()))
	for _, c := range u.Commitments {
		b = append(b, c...)
	}
	return store.Create(UnsealedKey(u.Skriver, u.Last()), b)
}

// ErrUnsealed is returned for a record that is not an Unsealed.
var ErrUnsealed = errors.New("audit: not a note of what is to be sealed")

// ReadUnsealed reads what the log has written.
func ReadUnsealed(r store.Record) (Unsealed, error) {
	rest, ok := strings.CutPrefix(r.Key, UnsealedPrefix)
	skriver, nr, _ := strings.Cut(rest, "/")
	last, err := strconv.ParseUint(nr, 10, 64)
	n := (len(r.Value) - 8) / sha256.Size
	if !ok || err != nil || n < 1 || len(r.Value) != 8+n*sha256.Size || last < uint64(n) || UnsealedKey(skriver, last) != r.Key {
		return Unsealed{}, ErrUnsealed
	}
	u := Unsealed{Skriver: skriver, Nr: last - uint64(n) + 1, Tid: time.UnixMicro(int64(binary.BigEndian.Uint64(r.Value))).UTC()} //nolint:gosec // as written
	for at := 8; at < len(r.Value); at += sha256.Size {
		u.Commitments = append(u.Commitments, r.Value[at:at+sha256.Size])
	}
	return u, nil
}
