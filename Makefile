# Words: make help. Every word sets up what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
FUNCTION ?= lookup
PLATFORM ?= local
FUZZTIME ?= 10s
FILE ?= .data/backup-$(shell date -u +%Y%m%dT%H%M%SZ).db

.PHONY: help run web bilder test check fuzz bench pdfua docs image terraform backup restore images sign deploy smoke promote

help: ## list the words
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: ## serve everything on this machine at http://127.0.0.1:8080 (HJEMMEL_ADDR, HJEMMEL_DATA)
	infra/check/web.sh fresh
	go run ./infra/devhost

web: ## build the web page into functions/web/dist (needs Node.js 20 and npm)
	infra/check/web.sh build

bilder: ## take the pictures of the web page in functions/web/bilder anew (needs Chromium too)
	infra/check/web.sh bilder

test: ## run every test; what cannot run here is named as skipped (with CI=true that is a failure)
	infra/check/test.sh

check: ## format, vet, lint, and docs that are stale
	infra/check/check.sh

fuzz: ## fuzz every target for FUZZTIME (10s) each
	infra/check/fuzz.sh $(FUZZTIME)

bench: ## measure against floors and peers in the same run; figures: infra/bench/README.md
	go run ./infra/bench

pdfua: ## have veraPDF judge person documents against PDF/UA-1 (needs Java and Maven)
	infra/check/pdfua.sh

docs: ## write the generated parts of the docs anew
	go run ./infra/rules/docs

backup: export HJEMMEL_STATE ?= sqlite://$(or $(HJEMMEL_DATA),.data)/hjemmel.db
backup: ## copy the embedded store of HJEMMEL_STATE to FILE while it is in use
	@go run ./infra/backup save "$(FILE)"

restore: export HJEMMEL_STATE ?= sqlite://$(or $(HJEMMEL_DATA),.data)/hjemmel.db
restore: ## put the backup FILE in the place of the embedded store that nobody has open
	@go run ./infra/backup restore "$(FILE)"

terraform: ## format, validate and test terraform/ against a provider that stands in for Google's
	infra/check/terraform.sh

image: ## build the image of FUNCTION (lookup) for PLATFORM (local, gcp, local,s3 or postgres,s3,nats) with podman, buildah or docker
	infra/container/build.sh $(FUNCTION) $(PLATFORM)

images: ## build the image of every function for PLATFORM
	infra/release/images.sh $(PLATFORM)

sign: ## send the images of PLATFORM to REGISTRY and sign them with SIGNING_KEY (needs podman, cosign)
	infra/release/sign.sh $(PLATFORM) "$(REGISTRY)" "$(SIGNING_KEY)"

deploy: ## bring ENVIRONMENT (test, prod) to the images that were signed (needs terraform)
	infra/release/deploy.sh "$(ENVIRONMENT)"

smoke: ## ask the system at URL what can be asked without being anybody
	infra/release/smoke.sh "$(URL)"

promote: ## bring production to what test runs, with PROMOTE=yes
	infra/release/promote.sh "$(PROMOTE)" "$(REGISTRY)" "$(SIGNING_KEY)" "$(URL)"
