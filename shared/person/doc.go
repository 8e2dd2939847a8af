// Package person holds the words of the register: identity numbers that cannot print themselves,
// the register model as a tree of known elements, and the register document as it came over the
// wire.
//
// It refuses to read birth date or gender out of a number, to encode a number, and to know anything
// about who may see what: that is package policy.
package person
