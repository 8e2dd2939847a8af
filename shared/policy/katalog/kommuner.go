package katalog

import "sync"

// Kommuner are the municipalities at 1 January 2026: their names by kommunenummer. The first two digits
// are the county's.
//
// Source: Kartverket's public list.
var Kommuner = sync.OnceValue(func() map[string]string {
	var k map[string]string
	if err := readJSON("kommuner.json", &k); err != nil {
		panic(err) // the embedded file is part of the program and covered by tests
	}
	return k
})
