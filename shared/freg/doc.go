// Package freg is the client of Skatteetaten's Folkeregisteret API. It asks with a [policy.Grant]
// and never without one: the grant names the rettighetspakke and the parts, and the person.
//
// It answers three questions apart: no such person (fault NotFound), the register refuses or is down
// (fault Unavailable), and we are asking too fast (fault TooMany, with how long to wait). What is
// safe is tried again within the caller's deadline, because every call here is a read, but for the
// ordering of an uttrekk, which at worst takes one job too many; a breaker keeps us from hammering a
// register that is down. Nothing is cached, least of all a 404.
//
// It refuses to send a question the grant does not cover, to read unbounded answers, and to let a
// number or a search value into an error: Go's own network errors hold the URL, so they are cut.
//
// The contract: Skatteetaten, folkeregisteret-api-dokumentasjon (July 2026), and OpenAPI 1.5/1.6.
// Pointing it at the real hosts is configuration only ([Config]).
package freg
