package rolesync_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tools is where infra/check/test.sh puts independent SCIM tools.
const tools = "../../.cache/scim"

// scim2-tester, an independent client, finds nothing wrong with the server as it runs.
func TestScim2Tester(t *testing.T) {
	python, err := filepath.Abs(tools + "/venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("scim2-tester is not installed: make test does so")
	}
	w := begin(t)
	out, err := exec.CommandContext(t.Context(), python, "testdata/tester.py", w.scim, strings.TrimPrefix(w.source.Get("Authorization"), "Bearer ")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
