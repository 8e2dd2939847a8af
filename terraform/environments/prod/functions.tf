# A stanza a function. What it needs is what its code opens (terraform/routes.json); a test compares, so that a right is
# given on purpose.

module "lookup" {
  source   = "../../modules/function"
  name     = "lookup"
  digest   = var.digests["lookup"]
  platform = local.platform
  settings = local.maskinporten
  needs = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_FREG_URL", "HJEMMEL_MASKINPORTEN_KEY", "HJEMMEL_PASSWORD_KEY", "HJEMMEL_PERSON_KEY",
  "HJEMMEL_STATE"]
  instances = var.instances
}

module "admin" {
  source   = "../../modules/function"
  name     = "admin"
  digest   = var.digests["admin"]
  platform = local.platform
  needs    = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_PASSWORD_KEY", "HJEMMEL_PERSON_KEY", "HJEMMEL_STATE"]
}

module "listorder" {
  source   = "../../modules/function"
  name     = "listorder"
  digest   = var.digests["listorder"]
  platform = local.platform
  settings = local.maskinporten
  needs = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_FREG_URL", "HJEMMEL_LISTS", "HJEMMEL_MASKINPORTEN_KEY", "HJEMMEL_PASSWORD_KEY",
  "HJEMMEL_PERSON_KEY", "HJEMMEL_STATE"]
  buckets = { HJEMMEL_LISTS = "roles/storage.objectViewer" }
}

module "listrender" {
  source   = "../../modules/function"
  name     = "listrender"
  digest   = var.digests["listrender"]
  platform = local.platform
  settings = local.maskinporten
  needs = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_FREG_URL", "HJEMMEL_LISTS", "HJEMMEL_MASKINPORTEN_KEY", "HJEMMEL_PERSON_KEY",
  "HJEMMEL_STATE"]
  buckets    = { HJEMMEL_LISTS = "roles/storage.objectUser" }
  callers    = []
  background = true
  instances  = { min = 1, max = 5 }
}

module "audit" {
  source   = "../../modules/function"
  name     = "audit"
  digest   = var.digests["audit"]
  platform = local.platform
  settings = { HJEMMEL_LOGG_ORIGIN = "${var.domain}/logg" }
  needs = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_LOGG", "HJEMMEL_LOGG_COPY", "HJEMMEL_LOGG_KEY", "HJEMMEL_PASSWORD_KEY", "HJEMMEL_PERSON_KEY",
  "HJEMMEL_STATE"]
  instances = { min = 1, max = 3 }
}

module "rolesync" {
  source   = "../../modules/function"
  name     = "rolesync"
  digest   = var.digests["rolesync"]
  platform = local.platform
  settings = { HJEMMEL_PLATFORM_AUDIENCE = local.address, HJEMMEL_PLATFORM_CALLERS = module.reconciling.account }
  needs    = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_PASSWORD_KEY", "HJEMMEL_PERSON_KEY", "HJEMMEL_STATE"]
}

module "web" {
  source   = "../../modules/function"
  name     = "web"
  digest   = var.digests["web"]
  platform = local.platform
  settings = { HJEMMEL_API = local.address, HJEMMEL_WEB_URL = local.address, HJEMMEL_IDPORTEN_KEY_ID = var.idporten_key_id }
  needs    = ["HJEMMEL_AUDIT_SECRET", "HJEMMEL_IDPORTEN_KEY", "HJEMMEL_PASSWORD_KEY", "HJEMMEL_PERSON_KEY", "HJEMMEL_STATE"]
}
