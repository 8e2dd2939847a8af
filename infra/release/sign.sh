#!/usr/bin/env bash
# Sends every function's image to a registry, signs what the registry has by its digest, and keeps the digests in
# .cache/digests.json: what is deployed is named by them alone. Needs podman and cosign.
set -euo pipefail
cd "$(dirname "$0")/../.."
platform=$1 registry=${2:?say REGISTRY=} key=${3:?say SIGNING_KEY=}
mkdir -p .cache
digests=()
for main in functions/*/cmd/main.go; do
  function=$(basename "$(dirname "$(dirname "$main")")")
  podman push --quiet --digestfile .cache/digest "hjemmel/$function:${platform/,/-}" "$registry/$function:${platform/,/-}"
  digest=$(cat .cache/digest)
  cosign sign --yes --key "$key" "$registry/$function@$digest"
  digests+=("\"$function\":\"$digest\"")
done
(IFS=,; echo "{${digests[*]}}") >.cache/digests.json
cat .cache/digests.json
