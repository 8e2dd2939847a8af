#!/usr/bin/env bash
# Builds the image of every function for a platform.
set -euo pipefail
cd "$(dirname "$0")/../.."
for main in functions/*/cmd/main.go; do
  function=$(basename "$(dirname "$(dirname "$main")")")
  echo "== $function"
  infra/container/build.sh "$function" "${1:-local}"
done
