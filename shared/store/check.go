package store

import "hjemmel/shared/fault"

// Bounds that every driver keeps, each with a margin to the strictest driver (Firestore: documents
// of 1 MiB, document ids of 1500 bytes, requests of 10 MiB).
const (
	MaxKey    = 512       // bytes in a key
	MaxValue  = 900_000   // bytes in a value
	MaxOps    = 2000      // operations in a commit
	MaxScan   = 1000      // records in a scan
	MaxCommit = 9_000_000 // bytes in a commit, counted by CheckOps
)

// opOverhead is what an operation may cost on the wire beside its value and its escaped key.
const opOverhead = 256

// CheckOps refuses a commit that breaks a bound: too many operations, an unknown kind, an
// unlawful key, two operations on one key, a value over MaxValue, or more than MaxCommit bytes in
// all. An operation counts as its value, twice its key and 256 bytes, so that a commit that passes
// fits every driver. The fault is Invalid and names the bound, never a key.
func CheckOps(ops []Op) error {
	if len(ops) > MaxOps {
		return outside("ops")
	}
	seen := make(map[string]struct{}, len(ops))
	size := 0
	for _, op := range ops {
		if op.Kind < OpCreate || op.Kind > OpDeleteIf {
			return outside("kind")
		}
		if err := CheckKeys(op.Key); err != nil {
			return err
		}
		if _, twice := seen[op.Key]; twice {
			return outside("key twice")
		}
		seen[op.Key] = struct{}{}
		if len(op.Value) > MaxValue {
			return outside("value")
		}
		size += len(op.Value) + 2*len(op.Key) + opOverhead
	}
	if size > MaxCommit {
		return outside("size")
	}
	return nil
}

// CheckKeys refuses a key that is not 1 to MaxKey bytes of printable ASCII without space.
func CheckKeys(keys ...string) error {
	for _, k := range keys {
		if k == "" || !keyPart(k) {
			return outside("key")
		}
	}
	return nil
}

// CheckScan refuses a prefix or an after that no key could have, and a limit outside 1 to MaxScan.
// Both texts may be empty.
func CheckScan(prefix, after string, limit int) error {
	if limit < 1 || limit > MaxScan {
		return outside("limit")
	}
	if !keyPart(prefix) || !keyPart(after) {
		return outside("key")
	}
	return nil
}

func keyPart(s string) bool {
	if len(s) > MaxKey {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func outside(bound string) error {
	return fault.New(fault.Invalid, "LAGER_UTENFOR_GRENSE",
		"Forespørselen bryter en av lagerets grenser. Del den opp, eller rett den.").About(bound)
}

// Unavailable is the fault of a driver whose backend does not answer as it should: trying again may
// help, and the outcome of a commit is unknown. The cause is for the log and must not hold a key or
// a value.
func Unavailable(cause error) error {
	return fault.From(fault.Unavailable, "LAGER_UTILGJENGELIG",
		"Lageret svarer ikke akkurat nå. Prøv igjen om litt.", cause)
}

// Broken is the fault of a driver whose backend refuses for good: wrong configuration, missing
// access, a damaged file or a foreign record. The cause is for the log and must not hold a key or a
// value.
func Broken(cause error) error {
	return fault.From(fault.Internal, "LAGER_FEIL",
		"Lageret kan ikke brukes slik det er satt opp nå. Oppgi feil-id ved henvendelse.", cause)
}
