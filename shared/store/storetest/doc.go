// Package storetest proves drivers of the state port and breaks them on purpose.
//
// [Run] is the conformance suite: a driver that passes answers like [Model], the oracle, which is
// also a store for the tests of other packages. [Faulty] wraps any store and makes it fail, stall or
// die at a chosen commit, before or after the commit took effect.
//
// It is for tests only, and refuses to be configured: every driver takes the same suite.
package storetest
