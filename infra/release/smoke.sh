#!/usr/bin/env bash
# Asks a running system what can be asked without being anybody: it answers, refuses who is unknown, and its log stands.
set -euo pipefail
url=${1:?say URL=}
failed=0
want() { # STATUS PATH
  got=$(curl -s -o /dev/null -m 20 -w '%{http_code}' "$url$2") || true
  [ "$got" = "$1" ] || { echo "smoke: $2 answers $got, want $1" >&2; failed=1; }
}
want 200 /hjemmel/v1/logg/noekkel
want 200 /hjemmel/v1/logg/status
want 401 /hjemmel/v1/meg/roller
want 401 /brukersynkronisering/oppslag/api/v1/oppslag/me
want 404 /hjemmel/v1/finnes/ikke
if curl -s -m 20 "$url/hjemmel/v1/logg/status" | grep -q '"etterslep":true'; then
  echo "smoke: entries wait to be sealed" >&2
  failed=1
fi
[ "$failed" = 0 ] && echo "smoke: $url answers as it should"
