package population_test

// raceDetector is true in a test binary built with -race.
var raceDetector bool
