package policy

import (
	"sync"
	"time"
	_ "time/tzdata" // images hold no time zones
)

// Oslo is the zone of Norwegian days: a budget is for one, and ends are told as one. It is read once.
var Oslo = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil { // unreachable: the zones are embedded
		return time.FixedZone("CET", 3600)
	}
	return zone
})
