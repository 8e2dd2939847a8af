#!/usr/bin/env bash
# Builds the image of one function with whichever builder is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
for builder in podman buildah docker; do
  if command -v "$builder" >/dev/null; then
    command=build
    [ "$builder" = buildah ] && command=bud
    exec "$builder" "$command" -f infra/container/Dockerfile --build-arg "FUNCTION=$1" -t "hjemmel/$1" .
  fi
done
echo "make image needs docker, podman or buildah" >&2
exit 1
