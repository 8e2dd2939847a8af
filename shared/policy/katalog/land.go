package katalog

import "sync"

type countries struct {
	Land   map[string]Text   `json:"land"`
	Alpha3 map[string]string `json:"treBokstaver"`
}

var land = sync.OnceValue(func() (c countries) {
	if err := readJSON("land.json", &c); err != nil {
		panic(err) // the embedded file is part of the program and covered by tests
	}
	return c
})

// Land names a country by its code of two or three letters.
//
// Source: Unicode CLDR 46.
func Land(kode string) (navn Text, ok bool) {
	if two, ok := land().Alpha3[kode]; ok {
		kode = two
	}
	navn, ok = land().Land[kode]
	return navn, ok
}
