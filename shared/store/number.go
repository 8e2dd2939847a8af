package store

import "strconv"

// Numbered gives the revision of a driver that counts: 1 and up.
func Numbered(n int64) Revision { return Revision(strconv.FormatInt(n, 10)) }

// Number gives what [Numbered] was given, and 0, which no record has, for a revision that is not of its making.
func (r Revision) Number() int64 {
	n, err := strconv.ParseInt(string(r), 10, 64)
	if err != nil || Numbered(n) != r {
		return 0
	}
	return n
}

// Below gives the bounds of a scan for a driver that compares bytes: from the first, and below the second. Keys hold
// bytes from '!' to '~' only, so NUL is below and DEL above whatever may follow.
func Below(prefix, after string) (from, to []byte) {
	return []byte(max(prefix, after+"\x00")), []byte(prefix + "\x7f")
}
