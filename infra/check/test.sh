#!/usr/bin/env bash
# Runs every Go test with the race detector and prints a summary that names what was skipped.
# With CI=true a skipped test is a failure: everything must really have run.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .cache
go tool gotestsum --format pkgname --jsonfile .cache/test.json -- -race -timeout 15m ./...
go test -run '^TestMillion$' ./shared/freg/fregsim/population # its memory, without the race detector's
if [ "${CI:-}" = true ] && grep '"Action":"skip"' .cache/test.json | grep -q '"Test":'; then
  echo "CI: these tests were skipped, and nothing may be:" >&2
  grep '"Action":"skip"' .cache/test.json | grep -o '"Package":"[^"]*","Test":"[^"]*"' >&2
  exit 1
fi
