#!/usr/bin/env bash
# Format, vet, lint, and generated docs that are stale.
set -euo pipefail
cd "$(dirname "$0")/../.."
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "gofmt these: $unformatted" >&2; exit 1; }
go vet ./...
go mod verify >/dev/null
go mod tidy -diff
infra/check/lint.sh
go run ./infra/rules/docs -check
if command -v terraform >/dev/null; then infra/check/terraform.sh; else echo "check: terraform is not here: terraform/ is not validated" >&2; fi
echo "check: ok"
