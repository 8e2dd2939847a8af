# The whole system in one environment. environments/test is the same files with other values (terraform.tfvars): what is
# tried there is what runs here. All data lies in one region, europe-north1 (Hamina, Finland, EEA) unless said otherwise.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

locals {
  code    = jsondecode(file("${path.module}/../../routes.json"))
  address = "https://${var.domain}"
  secret  = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_PASSWORD_KEY", "HJEMMEL_PERSON_KEY", "HJEMMEL_LOGG_KEY", "HJEMMEL_MASKINPORTEN_KEY", "HJEMMEL_IDPORTEN_KEY"]
  platform = {
    project  = var.project
    region   = var.region
    images   = var.images
    database = module.state.database
    protect  = var.protect
    always   = merge({ HJEMMEL_MILJO = var.miljo }, var.settings)
    settings = {
      HJEMMEL_STATE     = module.state.url
      HJEMMEL_LISTS     = "gs://${module.lists.bucket}"
      HJEMMEL_LOGG      = "gs://${var.project}-logg"
      HJEMMEL_LOGG_COPY = "gs://${var.project}-sjekkpunkter"
      HJEMMEL_FREG_URL  = var.register
      HJEMMEL_QUEUE     = "gcppubsub://${var.project}/hjemmel"

      HJEMMEL_PLATFORM_AUDIENCE = local.address
    }
    secrets = module.secrets.ids
    buckets = { HJEMMEL_LISTS = module.lists.bucket }
  }
  maskinporten = {
    HJEMMEL_ORGNR               = var.orgnr
    HJEMMEL_MASKINPORTEN_CLIENT = var.maskinporten_client
    HJEMMEL_MASKINPORTEN_KEY_ID = var.maskinporten_key_id
  }
}

module "state" {
  source  = "../../modules/state"
  project = var.project
  region  = var.region
  protect = var.protect
}

module "lists" {
  source  = "../../modules/lists"
  project = var.project
  region  = var.region
}

module "secrets" {
  source   = "../../modules/secrets"
  project  = var.project
  region   = var.region
  settings = local.secret
}

module "auditlog" {
  source       = "../../modules/auditlog"
  project      = var.project
  copy_project = var.copy_project
  region       = var.region
  sealer       = module.audit.account
  locked       = var.protect
}

module "edge" {
  source          = "../../modules/edge"
  project         = var.project
  region          = var.region
  domain          = var.domain
  rules           = local.code.rules
  services        = { admin = module.admin.service, audit = module.audit.service, listorder = module.listorder.service, listrender = module.listrender.service, lookup = module.lookup.service, rolesync = module.rolesync.service, web = module.web.service }
  operators       = var.operators
  billing_account = var.billing_account
  budget          = var.budget
  lines = {
    sealing-holes   = "jsonPayload.code=\"LOGG_HULL\""
    sealing-forked  = "jsonPayload.code=\"LOGG_FORGRENET\""
    sealing-down    = "jsonPayload.code=\"FORSEGLING_UTILGJENGELIG\""
    register-denied = "jsonPayload.code=\"FOLKEREGISTERET_AVVISER\""
    looking-late    = "jsonPayload.code=\"AVVIK_UTSATT\""
    tokens-ending   = "jsonPayload.code=\"TOKEN_UTLOEPER\""
  }
  silent = {
    sealing-lag = "jsonPayload.route=\"POST /hjemmel/v1/logg/forsegl\" AND jsonPayload.status=200"
  }
}
