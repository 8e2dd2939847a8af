// Package policy is judgement: who may be told what about whom, and on which legal basis (hjemmel).
//
// A tjenesteområde has legal bases and a list of opplysninger that they open. A rolle belongs to
// one tjenesteområde and holds a selection. [Compile] turns a role into a [Profile]: the tree of
// register elements that it shows. [Decide] judges one [Ask] by a [Holder] against an ordered list
// of rules and answers with a [Decision]: a [Grant], or every reason against.
//
// What only the register knows (grading, residence, relations) is not guessed here: it travels in
// the Grant as conditions that package redact executes. So policy is asked once.
//
// It is pure: no I/O, no clock, no logger. It refuses by default, a refusal wins over everything,
// and what the catalogue does not name does not exist.
package policy
