package export

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/tiles"
)

//go:embed lesmeg.txt
var guide []byte

// Names of the files in a pack.
const (
	GuideName    = "LESMEG.txt"
	EvidenceName = "bevis.json"
	TableName    = "innslag.csv"
	KeyName      = "noekkel.txt"
)

// Zip writes a pack of evidence: the entries as a table, the evidence, the key that it is checked with and the
// reader's guide.
func Zip(entries []audit.Entry, evidence tiles.Pack, key string) ([]byte, error) {
	table, err := Table(entries)
	if err != nil {
		return nil, err
	}
	proof, err := json.MarshalIndent(evidence, "", " ")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct {
		name string
		b    []byte
	}{{GuideName, guide}, {TableName, table}, {EvidenceName, proof}, {KeyName, []byte(key + "\n")}} {
		if err := add(z, f.name, f.b); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
