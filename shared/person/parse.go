package person

import (
	"bytes"
	"unicode/utf8"
)

// Bounds of a register document, far above any seen.
const (
	maxDepth   = 32
	maxMembers = 256
)

// parser indexes JSON in one pass and without decoding. It is ours, and not a library's, because
// every answer waits for it: it takes half the time of the token reader it is tested against
// (infra/decisions/0003-document.md). Every method leaves at after what it read, and reports whether
// that was well-formed.
type parser struct {
	raw   []byte
	at    int
	nodes []node
}

// peek gives the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.at < len(p.raw) {
		return p.raw[p.at]
	}
	return 0
}

func (p *parser) space() {
	i := p.at
	for i < len(p.raw) && (p.raw[i] == ' ' || p.raw[i] == '\n' || p.raw[i] == '\r' || p.raw[i] == '\t') {
		i++
	}
	p.at = i
}

// value reads a value and all it holds, after any space.
func (p *parser) value(name, nameEnd uint32, depth int) bool {
	self, c := len(p.nodes), p.peek()
	p.nodes = append(p.nodes, node{kind: c, name: name, nameEnd: nameEnd, start: uint32(p.at)}) //nolint:gosec // bounded by MaxDocument
	ok := false
	switch {
	case depth == maxDepth:
	case c == '{':
		ok = p.object(self, depth)
	case c == '[':
		ok = p.array(depth)
	case c == '"':
		ok = p.text()
	case c == 't':
		ok = p.word("true")
	case c == 'f':
		ok = p.word("false")
	case c == 'n':
		ok = p.word("null")
	default:
		p.nodes[self].kind = '0'
		ok = p.number()
	}
	n := &p.nodes[self]
	n.end, n.next = uint32(p.at), uint32(len(p.nodes)) //nolint:gosec // bounded by MaxDocument
	return ok
}

func (p *parser) object(self, depth int) bool {
	p.at++
	for first := true; ; first = false {
		if p.space(); p.peek() == '}' && first {
			p.at++
			return true
		}
		start := p.at + 1
		if !p.name() {
			return false
		}
		end := p.at - 1
		if p.space(); p.peek() != ':' {
			return false
		}
		p.at++
		p.space()
		if !p.value(uint32(start), uint32(end), depth+1) { //nolint:gosec // bounded by MaxDocument
			return false
		}
		switch p.space(); p.peek() {
		case ',':
			p.at++
		case '}':
			p.at++
			return p.distinct(self)
		default:
			return false
		}
	}
}

func (p *parser) array(depth int) bool {
	p.at++
	for first := true; ; first = false {
		if p.space(); p.peek() == ']' && first {
			p.at++
			return true
		}
		if !p.value(0, 0, depth+1) {
			return false
		}
		switch p.space(); p.peek() {
		case ',':
			p.at++
			p.space()
		case ']':
			p.at++
			return true
		default:
			return false
		}
	}
}

// distinct reports whether the members of an object have a name each. Names are compared as written:
// name refuses escapes.
func (p *parser) distinct(self int) bool {
	members := 0
	for i := self + 1; i < len(p.nodes); i = int(p.nodes[i].next) {
		if members++; members > maxMembers || p.repeats(self, i) {
			return false
		}
	}
	return true
}

// repeats reports whether an earlier member of the object has the name of member i.
func (p *parser) repeats(self, i int) bool {
	name := p.raw[p.nodes[i].name:p.nodes[i].nameEnd]
	for j := self + 1; j < i; j = int(p.nodes[j].next) {
		n := &p.nodes[j]
		if int(n.nameEnd-n.name) == len(name) && bytes.Equal(p.raw[n.name:n.nameEnd], name) {
			return true
		}
	}
	return false
}

// name reads a member's name. The register's names are plain ASCII, and any other is refused, so that
// a name has one spelling.
func (p *parser) name() bool {
	if p.peek() != '"' {
		return false
	}
	i := p.at + 1
	for i < len(p.raw) && plain[p.raw[i]] {
		i++
	}
	p.at = i + 1
	return i < len(p.raw) && p.raw[i] == '"'
}

// plain are the bytes that stand for themselves in a string: printable ASCII but quote and backslash.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x80; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

func (p *parser) text() bool {
	raw, i, ascii := p.raw, p.at+1, true
	for i < len(raw) {
		switch c := raw[i]; {
		case plain[c]:
			i++
		case c == '"':
			start := p.at
			p.at = i + 1
			return ascii || utf8.Valid(raw[start:p.at])
		case c >= utf8.RuneSelf:
			ascii = false
			i++
		case c == '\\':
			if p.at, i = i, p.at; !p.escape() {
				return false
			}
			p.at, i = i, p.at
		default: // a control character
			return false
		}
	}
	return false
}

// escape reads one escape, or two that are a surrogate pair.
func (p *parser) escape() bool {
	if p.at+1 >= len(p.raw) {
		return false
	}
	switch p.raw[p.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.at += 2
		return true
	case 'u':
		high, ok := p.unit()
		if !ok || high < 0xd800 || high > 0xdfff {
			return ok
		}
		low, ok := p.unit()
		return ok && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff
	}
	return false
}

// unit reads \uXXXX.
func (p *parser) unit() (rune, bool) {
	if p.at+6 > len(p.raw) || p.raw[p.at] != '\\' || p.raw[p.at+1] != 'u' {
		return 0, false
	}
	var u rune
	for _, c := range p.raw[p.at+2 : p.at+6] {
		switch {
		case c >= '0' && c <= '9':
			u = u<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			u = u<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	p.at += 6
	return u, true
}

func (p *parser) word(w string) bool {
	if !bytes.HasPrefix(p.raw[p.at:], []byte(w)) {
		return false
	}
	p.at += len(w)
	return true
}

func (p *parser) number() bool {
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else if !p.digits() {
		return false
	}
	if p.peek() == '.' {
		p.at++
		if !p.digits() {
			return false
		}
	}
	if p.peek()|0x20 == 'e' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		return p.digits()
	}
	return true
}

// digits reads one or more.
func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.raw) && p.raw[p.at] >= '0' && p.raw[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}
