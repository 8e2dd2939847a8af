package identity

import (
	"crypto/sha256"
	"sync"
	"time"
)

// signed remembers tokens whose signature was right, by their SHA-256, so that a busy caller's token
// is not verified for each of its calls. It holds no token, forgets each after signedFor, and starts
// afresh when full.
type signed struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]signedToken
}

type signedToken struct {
	claims claims
	until  time.Time
}

const (
	signedFor = 30 * time.Second // far less than the keys themselves are trusted for
	signedMax = 4096
)

func (s *signed) get(raw string, now time.Time) (claims, bool) {
	key := sha256.Sum256([]byte(raw))
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.seen[key]
	return t.claims, ok && now.Before(t.until)
}

func (s *signed) put(raw string, c claims, now time.Time) {
	key := sha256.Sum256([]byte(raw))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil || len(s.seen) >= signedMax {
		s.seen = make(map[[sha256.Size]byte]signedToken)
	}
	s.seen[key] = signedToken{c, now.Add(signedFor)}
}
