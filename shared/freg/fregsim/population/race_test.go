//go:build race

package population_test

func init() { raceDetector = true }
