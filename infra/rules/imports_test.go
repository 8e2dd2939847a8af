package rules

import (
	"slices"
	"strings"
	"testing"
)

// steps are the functions that commit steps of their own to the state.
var steps = map[string]string{
	"functions/listrender": "each step of a list is committed under its lease, with its entries",
}

// forbiddenInFunctions are what functions reach through the corridor and the host alone.
var forbiddenInFunctions = []string{"shared/freg", "shared/store", "shared/redact"}

func TestFunctionsStandAlone(t *testing.T) {
	for _, p := range folders(t) {
		for _, f := range p.code() {
			for _, i := range f.imports() {
				if from := function(p.path); from != "" {
					if to := function(i); to != "" && to != from {
						t.Errorf("%s imports another function, %s", f.name, i)
					}
					if slices.ContainsFunc(forbiddenInFunctions, func(at string) bool { return within(i, at) }) && !(steps[p.path] != "" && i == "shared/store") || cloud(i) {
						t.Errorf("%s imports %s", f.name, i)
					}
				} else if function(i) != "" && developing[p.path] == "" {
					t.Errorf("%s imports %s: only what developers run and tests may", f.name, i)
				}
			}
		}
	}
}

// function names the function that a path belongs to, or "".
func function(at string) string {
	rest, ok := strings.CutPrefix(at, "functions/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// cloud reports whether an import is of a cloud's SDK.
func cloud(at string) bool {
	sdk := []string{"cloud.google.com/", "google.golang.org/api", "github.com/aws/", "github.com/Azure/", "go.mongodb.org/"}
	if slices.ContainsFunc(sdk, func(s string) bool { return strings.HasPrefix(at, s) }) {
		return true
	}
	last := at[strings.LastIndexByte(at, '/')+1:]
	return strings.HasPrefix(at, "gocloud.dev/") && slices.ContainsFunc([]string{"gcp", "gcs", "aws", "s3", "azure"}, func(s string) bool { return strings.HasPrefix(last, s) })
}

// ports are the packages whose sub-folders are drivers.
var ports = []string{"shared/store", "shared/queue"}

// driver reports whether a path is a driver of a port.
func driver(at string) bool {
	return !simulated(at) && slices.ContainsFunc(ports, func(p string) bool { return at != p && within(at, p) })
}

func TestOnlyHostAndMainsNameDrivers(t *testing.T) {
	for _, p := range folders(t) {
		if p.main() || p.simulated() || within(p.path, "shared/host") {
			continue
		}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				if driver(i) && !within(p.path, i) {
					t.Errorf("%s imports the driver %s", f.name, i)
				}
				if cloud(i) && !driver(p.path) {
					t.Errorf("%s imports %s: only drivers and host may", f.name, i)
				}
			}
		}
	}
}

// developing are the packages that know every function, and the mains that show or measure the system
// against simulators. No image is built from them.
var developing = map[string]string{
	"infra/devhost":     "serves everything on one machine",
	"infra/bench":       "measures against the simulators in the same run",
	"infra/bench/synk":  "a part of it",
	"infra/bench/scale": "counts a real lookup against the simulators",
	"infra/routes":      "computes of every function what the edge must know",
}

func TestSimulatorsStayOutOfProduction(t *testing.T) {
	for _, p := range folders(t) {
		if p.simulated() || developing[p.path] != "" {
			continue
		}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				if own(i) && simulated(i) {
					t.Errorf("%s imports %s", f.name, i)
				}
			}
		}
	}
}

// homes are the packages of others that belong in few places: what else imports them has found a
// second way to do what is done once.
var homes = map[string][]string{
	"github.com/kelseyhightower/envconfig":                  {"shared/host", "infra/devhost", "infra/rules/docs"},
	"github.com/GoogleCloudPlatform/functions-framework-go": {"functions"},
	"github.com/failsafe-go/failsafe-go":                    {"shared/freg", "functions/rolesync/directory"},
	"github.com/go-jose/go-jose/v4":                         {"shared/identity", "shared/freg"},
	"github.com/coreos/go-oidc/v3":                          {"shared/identity"},
	"golang.org/x/mod/sumdb":                                {"shared/audit", "functions/audit"},
	"gocloud.dev/blob":                                      {"shared/audit/seal", "shared/host", "functions/listorder", "functions/listrender"},
	"gocloud.dev/pubsub":                                    {"shared/queue/topic", "shared/host"},
	"github.com/minio/minio-go/v7":                          {"shared/host/s3"},
	"go.opentelemetry.io":                                   {"shared/telemetry"},
	"google.golang.org/api":                                 {"shared/host/gs", "shared/store/firestore"},
	"modernc.org/sqlite":                                    {"shared/store/sqlite"},
	"github.com/nats-io/nats.go":                            {"shared/host/drivers"},
	"github.com/jackc/pgx/v5":                               {"shared/store/postgres"},
	"cloud.google.com/go/firestore":                         {"shared/store/firestore"},
	"github.com/carlos7ags/folio":                           {"functions/lookup/typeset"},
	"codeberg.org/go-fonts/dejavu":                          {"functions/lookup/typeset"},
	"github.com/scim2/filter-parser/v2":                     {"functions/rolesync/scim"},
	"github.com/xuri/excelize/v2":                           {"functions/listrender/workbook", "infra/bench"},
	"github.com/klauspost/compress":                         {"functions/listrender/workbook", "infra/bench"},
	"golang.org/x/crypto/x509roots/fallback":                {"shared/host"},
	"database/sql":                                          {"shared/store/sqlite"},
	"github.com/getkin/kin-openapi":                         {},
	"pgregory.net/rapid":                                    {},
	"github.com/google/go-cmp":                              {},
	"testing":                                               {},
}

func TestOthersPackagesStayAtHome(t *testing.T) {
	for _, p := range folders(t) {
		if p.simulated() {
			continue
		}
		for _, f := range p.code() {
			for _, i := range f.imports() {
				for guest, home := range homes {
					if within(i, guest) && !slices.ContainsFunc(home, func(h string) bool { return within(p.path, h) }) {
						t.Errorf("%s imports %s", f.name, i)
					}
				}
			}
		}
	}
}
