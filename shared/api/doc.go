// Package api is the wire: what requests may look like, what answers look like, and the ladder from
// faults to HTTP. openapi.yaml beside it is the contract; a test holds routes and contract together.
//
// It refuses bodies over 1 MiB, repeated single parameters, unknown parameters, and to write an
// answer about a person without a receipt.
package api
