#!/usr/bin/env bash
# Builds the image hjemmel/FUNCTION:PLATFORM with whichever builder is there. The same tree gives the same digest:
# pinned compiler, no paths, no version control, files and layers of 1970.
set -euo pipefail
cd "$(dirname "$0")/../.."
function=$1 platform=${2:-local}
[ -f "functions/$function/cmd/main.go" ] || { echo "no function $function" >&2; exit 1; }
case $platform in local|gcp|local,s3|postgres,s3,nats) ;; *) echo "no platform $platform: local, gcp, local,s3 or postgres,s3,nats" >&2; exit 1 ;; esac
export SOURCE_DATE_EPOCH=0 CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOFLAGS=
go=go1.26.8 # a later patch is another digest: raise it here

context=.cache/image/$platform
mkdir -p "$context/$function"
GOTOOLCHAIN=$go go build -trimpath -buildvcs=false -tags "timetzdata,slim,grpcnotrace,$platform" -ldflags "-s -w -buildid=" \
  -o "$context/$function/function" "./functions/$function/cmd"

# What is linked in, read from the binary itself; the time and a random number would make two of one.
sbom=v1.9.0
tool=$PWD/.bin/cyclonedx-gomod-$sbom
if [ ! -x "$tool" ]; then
  GOBIN=$PWD/.bin GOOS='' GOARCH='' go install "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$sbom"
  mv .bin/cyclonedx-gomod "$tool"
fi
"$tool" bin -json -noserial -std -version v0.0.0 "$context/$function/function" 2>/dev/null | sed '/"timestamp":/d' >"$context/$function/sbom.cdx.json"
chmod 755 "$context/$function/function"
chmod 644 "$context/$function/sbom.cdx.json"
touch -d @0 "$context/$function/"*

name=hjemmel/$function:${platform//,/-}
args=(-f infra/container/Dockerfile --build-arg "FUNCTION=$function" -t "$name")
if command -v podman >/dev/null; then
  podman build --quiet --no-cache --timestamp 0 "${args[@]}" "$context"
elif command -v buildah >/dev/null; then
  buildah bud --quiet --timestamp 0 "${args[@]}" "$context"
elif docker buildx version >/dev/null 2>&1; then
  docker buildx build --quiet --provenance=false --output "type=docker,rewrite-timestamp=true" "${args[@]}" "$context"
else
  echo "make image needs podman, buildah, or docker with buildx" >&2
  exit 1
fi
