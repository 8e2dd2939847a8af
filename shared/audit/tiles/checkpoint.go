package tiles

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Signer signs checkpoints of one log.
type Signer struct {
	note.Signer
	// Key is the verifier key that is given to everybody: {origin}+{hash}+{public key}.
	Key string
}

// ErrKey is returned for a key or an origin of the wrong form.
var ErrKey = errors.New("tiles: not a key of a log")

// NewSigner makes the signer of a log from a seed of 32 bytes (Ed25519) and the log's name (origin), such
// as hjemmel.example.no/logg: no space and no plus.
func NewSigner(origin string, seed []byte) (Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return Signer{}, ErrKey
	}
	public, _ := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	key, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return Signer{}, ErrKey
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		return Signer{}, ErrKey
	}
	const ed25519Alg = 1
	secret := base64.StdEncoding.EncodeToString(append([]byte{ed25519Alg}, seed...))
	s, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", origin, v.KeyHash(), secret))
	if err != nil {
		return Signer{}, ErrKey
	}
	return Signer{s, key}, nil
}

// Checkpoint gives the signed checkpoint of a tree.
func (s Signer) Checkpoint(tree tlog.Tree) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", s.Name(), tree.N, base64.StdEncoding.EncodeToString(tree.Hash[:]))
	return note.Sign(&note.Note{Text: text}, s.Signer)
}

// OpenCheckpoint checks the signature of a checkpoint and reads it.
func OpenCheckpoint(signed []byte, key string) (tlog.Tree, error) {
	v, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return tlog.Tree{}, ErrKey
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%w: the signature is not that key's", ErrTampered)
	}
	var tree tlog.Tree
	line := strings.Split(n.Text, "\n")
	if len(line) < 4 || line[0] != v.Name() {
		return tlog.Tree{}, ErrTampered
	}
	sum, err := base64.StdEncoding.DecodeString(line[2])
	if _, err2 := fmt.Sscanf(line[1], "%d", &tree.N); err != nil || err2 != nil || len(sum) != sha256.Size || tree.N < 0 || fmt.Sprint(tree.N) != line[1] {
		return tlog.Tree{}, ErrTampered
	}
	copy(tree.Hash[:], sum)
	return tree, nil
}

// Empty is the tree without leaves.
func Empty() tlog.Tree { return tlog.Tree{Hash: sha256.Sum256(nil)} }
