#!/usr/bin/env bash
# Has Terraform bring an environment to the digests of .cache/digests.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
case ${1:-} in test|prod) ;; *) echo "say ENVIRONMENT=test or prod" >&2; exit 1 ;; esac
[ -s .cache/digests.json ] || { echo "deploy: .cache/digests.json is missing: make sign writes it" >&2; exit 1; }
terraform -chdir="terraform/environments/$1" init -input=false
terraform -chdir="terraform/environments/$1" apply -input=false -auto-approve -var "digests=$(cat .cache/digests.json)"
