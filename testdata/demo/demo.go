// Package demo is the demonstration data: two made-up organisations with their roles, employees and
// integrations. The organisation numbers and persons are synthetic.
package demo

import _ "embed"

// JSON is demo.json.
//
//go:embed demo.json
var JSON []byte
