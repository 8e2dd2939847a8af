package lists

import (
	"bytes"
	"cmp"
	"compress/flate"
	"io"
	"slices"
)

// maxClear bounds what is read out of a sealed value.
const maxClear = 64 << 20

// squeeze compresses, so that the rows of a thousand persons fit in one record of the store.
func squeeze(clear []byte) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.BestSpeed) // the level exists
	_, _ = w.Write(clear)                          // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

func unsqueeze(squeezed []byte) ([]byte, error) {
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(squeezed)), maxClear))
}

func sortNewest(all []Liste) {
	slices.SortFunc(all, func(a, b Liste) int { return cmp.Or(b.Opprettet.Compare(a.Opprettet), cmp.Compare(b.ID, a.ID)) })
}
