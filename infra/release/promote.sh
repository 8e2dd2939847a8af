#!/usr/bin/env bash
# Brings production to the digests that were tried in test, if their signatures hold and PROMOTE is yes.
set -euo pipefail
cd "$(dirname "$0")/../.."
registry=$2 key=$3 url=$4
[ "$1" = yes ] || { echo "promote: not asked to (PROMOTE=yes)"; exit 0; }
[ -s .cache/digests.json ] || { echo "promote: .cache/digests.json is missing: make sign writes it" >&2; exit 1; }
tr -d '{}"' <.cache/digests.json | tr ',' '\n' | while IFS=: read -r function digest; do
  cosign verify --key "${key:?say SIGNING_KEY=}" "${registry:?say REGISTRY=}/$function@$digest" >/dev/null
done
infra/release/deploy.sh prod
infra/release/smoke.sh "${url:?say URL=}"
