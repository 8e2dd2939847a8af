package identity

import "sync/atomic"

// CountMACs makes v count in n how often it computes a password's MAC.
func (v *Verifier) CountMACs(n *atomic.Int64) {
	mac := v.mac
	v.mac = func(key []byte, id, password string) []byte {
		n.Add(1)
		return mac(key, id, password)
	}
}
