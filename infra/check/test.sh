#!/usr/bin/env bash
# Drives the web page in a real browser, and runs every Go test with the race detector. A summary names what was skipped.
# With CI=true a skipped test is a failure: everything must really have run. Tests that compare with the
# register's own documents, which lie beside the repository and not in it, are named where those are absent.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .cache
# Public tools that read the PDFs and workbooks we make. A fresh machine of CI lacks them; elsewhere the tests that want them say so.
readers() { command -v pdfinfo && command -v soffice && { python3 -c 'import openpyxl' || /usr/bin/python3 -c 'import openpyxl'; }; }
if [ "${CI:-}" = true ] && ! readers >/dev/null 2>&1; then
  { apt-get update && apt-get install -y --no-install-recommends poppler-utils libreoffice-calc-nogui python3-openpyxl; } >.cache/readers.log 2>&1 || { cat .cache/readers.log >&2; exit 1; }
fi
# Images are built and one is run: the engine, where a fresh machine of CI lacks it.
if [ "${CI:-}" = true ] && ! command -v podman >/dev/null; then
  { apt-get update && apt-get install -y --no-install-recommends podman buildah runc netavark; } >.cache/podman.log 2>&1 || { cat .cache/podman.log >&2; exit 1; }
fi
# The state of any Kubernetes: the server is started.
if [ "${CI:-}" = true ] && ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  { apt-get update && apt-get install -y --no-install-recommends postgresql; } >.cache/postgres.log 2>&1 || { cat .cache/postgres.log >&2; exit 1; }
fi
# The proxy of any Kubernetes and of one host is started.
if [ "${CI:-}" = true ] && ! command -v nginx >/dev/null; then
  { apt-get update && apt-get install -y --no-install-recommends nginx-light; } >.cache/nginx.log 2>&1 || { cat .cache/nginx.log >&2; exit 1; }
fi
# The Cloud Storage of tests.
fake=v1.56.1
if [ ! -x ".bin/fake-gcs-server-$fake" ]; then
  mkdir -p .bin
  GOBIN=$PWD/.bin go install "github.com/fsouza/fake-gcs-server@$fake" && mv .bin/fake-gcs-server ".bin/fake-gcs-server-$fake" || echo "fake-gcs-server could not be built" >&2
fi
# The broker of any cloud.
nats=v2.12.3
if [ ! -x ".bin/nats-server-$nats" ]; then
  GOBIN=$PWD/.bin go install "github.com/nats-io/nats-server/v2@$nats" && mv .bin/nats-server ".bin/nats-server-$nats" || echo "nats-server could not be built" >&2
fi
# Independent SCIM tools, against which role synchronisation is tested: two libraries, and a client that checks servers.
scim() {
  if command -v npm && [ ! -d .cache/scim/node_modules/scim-patch ]; then npm install --no-audit --no-fund --prefix .cache/scim scim-patch@0.8.3 scim2-parse-filter@0.2.10; fi
  if command -v python3 && [ ! -x .cache/scim/venv/bin/python ]; then python3 -m venv .cache/scim/venv && .cache/scim/venv/bin/pip install scim2-tester==0.5.2 httpx2; fi
}
mkdir -p .cache/scim
scim >.cache/scim.log 2>&1 || echo "SCIM's tools could not be installed: see .cache/scim.log" >&2
# What fails in the browser does not keep Go's tests from being run.
failed=0
infra/check/web.sh test || failed=1
go tool gotestsum --format pkgname --jsonfile .cache/test.json -- -race -timeout 15m ./... || failed=1
go -C infra/strict test ./... || failed=1 # a module of its own: what Kubernetes, Knative and Compose take
go test -run '^TestMillion$' ./shared/freg/fregsim/population || failed=1 # its memory, without the race detector's

# skipped lists the tests that were; without ../shared/freg, those that only compare with it are expected.
skipped() {
  grep '"Action":"skip"' .cache/test.json | grep -o '"Package":"[^"]*","Test":"[^"]*"' | sort >.cache/skipped || true
  if [ ! -d ../shared/freg ]; then
    grep -F ': ../shared/freg/' .cache/test.json | grep -o '"Package":"[^"]*","Test":"[^"]*"' | sort -u >.cache/oracles || true
    comm -23 .cache/skipped .cache/oracles
    return
  fi
  cat .cache/skipped
}
if [ "${CI:-}" = true ] && [ -n "$(skipped)" ]; then
  echo "CI: these tests were skipped, and nothing may be:" >&2
  skipped >&2
  exit 1
fi
exit "$failed"
