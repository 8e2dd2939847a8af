#!/usr/bin/env bash
# The web page. build: build it into functions/web/dist. fresh: build it where sources are newer than what is built,
# or say why not. test: build it and drive it in a real browser. bilder: build it and take the documentation's pictures.
set -euo pipefail
cd "$(dirname "$0")/../../functions/web/app"

packages() {
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
}

build() {
  command -v npm >/dev/null || { echo "web: the page needs Node.js 20 and npm, which are not here" >&2; return 1; }
  packages
  npm run --silent bygg
}

fresh() {
  built=../dist/side/index.html
  if [ -f "$built" ] && [ -z "$(find src public bygg index.html package-lock.json vite.config.ts ../../../shared/api/openapi.yaml -newer "$built" -print -quit)" ]; then
    return
  fi
  build || echo "web: serving what there is" >&2
}

# browser finds Chromium; in CI, a fresh machine, it is installed.
browser() {
  for name in "${CHROMIUM:-}" chromium chromium-headless-shell; do
    [ -n "$name" ] && command -v "$name" && return
  done
  [ "${CI:-}" = true ] || return 1
  { apt-get update && apt-get install -y --no-install-recommends chromium; } >../../../.cache/chromium.log 2>&1 || { cat ../../../.cache/chromium.log >&2; return 1; }
  command -v chromium
}

# node is installed in CI where it is missing.
node_there() {
  command -v npm >/dev/null && return
  [ "${CI:-}" = true ] || return 1
  { apt-get update && apt-get install -y --no-install-recommends nodejs npm; } >../../../.cache/node.log 2>&1 || { cat ../../../.cache/node.log >&2; return 1; }
  [ "$(node --version | tr -dc '0-9.' | cut -d. -f1)" -ge 20 ]
}

run_specs() {
  mkdir -p ../../../.cache
  node_there || { echo "web: skipped, Node.js 20 and npm are not here"; [ "${CI:-}" != true ]; return; }
  build
  CHROMIUM=$(browser) || { echo "web: built; the browser specs are skipped, there is no Chromium here"; [ "${CI:-}" != true ]; return; }
  export CHROMIUM
  npm run --silent prov -- "$@"
}

case "${1:-}" in
  build | fresh) "$1" ;;
  test) shift; run_specs "$@" ;;
  bilder) BILDER=1 run_specs ;;
  *) echo "usage: web.sh build|fresh|test|bilder" >&2; exit 2 ;;
esac
