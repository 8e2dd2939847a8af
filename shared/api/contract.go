package api

import (
	_ "embed"
	"net/http"
)

// Contract is openapi.yaml, the contract of every operation (OpenAPI 3.1).
//
//go:embed openapi.yaml
var Contract []byte

// ServeContract sends the contract.
func ServeContract(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(Contract) // the caller may be gone
}
