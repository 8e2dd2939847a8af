#!/usr/bin/env bash
# Formats, validates and tests the Terraform code against a provider that stands in for Google's: it has the schema of
# 6.50.0 and asks nobody. What it cannot tell: whether Google takes a combination, IAM, quotas. Needs terraform, node, npm, go.
set -euo pipefail
cd "$(dirname "$0")/../.."
export TF_CLI_CONFIG_FILE=$PWD/.cache/terraform/rc TF_CLI_ARGS=-no-color CHECKPOINT_DISABLE=1
version=16.12.1 # of the package, which has the schema of the provider's 6.50.0
at=$PWD/.cache/terraform
plugin=$at/mirror/registry.terraform.io/hashicorp/google/6.50.0/$(go env GOOS)_$(go env GOARCH)/terraform-provider-google_v6.50.0
mkdir -p "$at/standin" "$(dirname "$plugin")"
printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$at/mirror" >"$at/rc"
terraform fmt -check -recursive terraform

resources=$(grep -rhoE '^resource "google_[a-z0-9_]+"' terraform | sed -E 's/.*"google_(.*)"/\1/' | sort -u)
if [ ! -x "$plugin" ] || [ "$(cat "$at/made" 2>/dev/null)" != "$resources" ]; then
  (cd "$at" && npm pack --silent "@cdktf/provider-google@$version" >/dev/null && tar xzf "cdktf-provider-google-$version.tgz" $(for r in $resources; do echo "package/lib/${r//_/-}"; done))
  node infra/check/terraform/schema.js "$at/package" $resources >"$at/standin/schema.json"
  sed 1,2d infra/check/terraform/provider.go >"$at/standin/main.go"
  (cd "$at/standin" && { [ -f go.mod ] || go mod init standin; } && go get github.com/hashicorp/terraform-plugin-go@v0.31.0 && go mod tidy && go build -o "$plugin" .) >"$at/log" 2>&1 || { cat "$at/log" >&2; exit 1; }
  echo "$resources" >"$at/made"
fi
for environment in test prod; do
  work=$(mktemp -d)
  cp -rL terraform/. "$work" # Terraform writes beside what it reads
  (cd "$work/environments/$environment" && terraform init -backend=false >/dev/null && terraform validate && terraform test)
  rm -rf "$work"
done
