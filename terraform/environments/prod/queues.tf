# What calls functions: queues of work, one a kind, and the clock. Each calls by an account of its own, which the function
# that it calls knows by name (local.callers); the accounts' names are Google's rule, so that neither waits for the other.

locals {
  accounts = "${var.project}.iam.gserviceaccount.com"
  callers = {
    audit      = { HJEMMEL_PLATFORM_CALLERS = join(",", [for a in ["klokke-forsegl", "klokke-slett"] : "${a}@${local.accounts}"]) }
    rolesync   = { HJEMMEL_PLATFORM_CALLERS = "klokke-avstem@${local.accounts},klokke-hent@${local.accounts}" }
    listrender = { HJEMMEL_PLATFORM_CALLERS = join(",", [for a in ["push-hjemmel-liste", "push-hjemmel-tilbaketrekking", "klokke-purr", "klokke-rydd"] : "${a}@${local.accounts}"]) }
  }
}

module "liste" {
  source         = "../../modules/queue"
  project        = var.project
  project_number = var.project_number
  region         = var.region
  topic          = "hjemmel-liste"
  service        = module.listrender.service
  endpoint       = "${local.address}/hjemmel/v1/plattform/lister/lag"
  audience       = local.address
  publishers     = { listorder = module.listorder.account, listrender = module.listrender.account }
}

module "tilbaketrekking" {
  source         = "../../modules/queue"
  project        = var.project
  project_number = var.project_number
  region         = var.region
  topic          = "hjemmel-tilbaketrekking"
  service        = module.listrender.service
  endpoint       = "${local.address}/hjemmel/v1/plattform/lister/trekk"
  audience       = local.address
  publishers     = { listorder = module.listorder.account, listrender = module.listrender.account }
}

module "clock" {
  source = "../../modules/schedule"
  for_each = {
    forsegl = { service = module.audit.service, path = "/hjemmel/v1/logg/forsegl", schedule = "* * * * *" }
    purr    = { service = module.listrender.service, path = "/hjemmel/v1/plattform/lister/purr", schedule = "* * * * *" }
    rydd    = { service = module.listrender.service, path = "/hjemmel/v1/plattform/lister/rydd", schedule = "*/10 * * * *" }
    slett   = { service = module.audit.service, path = "/hjemmel/v1/logg/slett", schedule = "23 2 * * *", deadline = "600s" }
    avstem  = { service = module.rolesync.service, path = "/hjemmel/v1/plattform/rollesynk/avstem", schedule = "30 2 * * *", deadline = "600s" }
    hent    = { service = module.rolesync.service, path = "/hjemmel/v1/plattform/rollesynk/hent", schedule = "17 * * * *", deadline = "600s" }
  }
  project  = var.project
  region   = var.region
  name     = each.key
  service  = each.value.service
  address  = "${local.address}${each.value.path}"
  audience = local.address
  schedule = each.value.schedule
  deadline = try(each.value.deadline, "180s")
}
