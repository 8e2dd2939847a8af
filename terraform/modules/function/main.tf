# One function: a Cloud Run service under an account of its own that may do what the code opens, and no more.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

locals {
  secrets = { for setting, id in var.platform.secrets : setting => id if contains(var.needs, setting) }
  plain   = { for setting, value in var.platform.settings : setting => value if contains(var.needs, setting) }
}

resource "google_service_account" "this" {
  project      = var.platform.project
  account_id   = "hjemmel-${var.name}"
  display_name = "Hjemmel ${var.name}"
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.platform.project
  location            = var.platform.region
  name                = var.name
  ingress             = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  deletion_protection = var.platform.protect

  lifecycle {
    precondition {
      condition     = alltrue([for n in var.needs : contains(concat(keys(local.plain), keys(local.secrets), keys(var.settings)), n)])
      error_message = "${var.name} needs a setting that nobody gives."
    }
  }

  template {
    service_account                  = google_service_account.this.email
    timeout                          = "${var.seconds}s"
    max_instance_request_concurrency = var.concurrency
    scaling {
      min_instance_count = var.instances.min
      max_instance_count = var.instances.max
    }
    containers {
      image = "${var.platform.images}/${var.name}@${var.digest}"
      resources {
        limits            = { cpu = "1", memory = var.memory }
        cpu_idle          = true
        startup_cpu_boost = true
      }
      dynamic "env" {
        for_each = merge(local.plain, var.platform.always, var.settings)
        content {
          name  = env.key
          value = env.value
        }
      }
      dynamic "env" {
        for_each = local.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }
      startup_probe {
        period_seconds    = 1
        failure_threshold = 30
        http_get {
          path = "/readyz"
        }
      }
      liveness_probe {
        http_get {
          path = "/livez"
        }
      }
    }
  }

  depends_on = [google_secret_manager_secret_iam_member.this]
}

resource "google_secret_manager_secret_iam_member" "this" {
  for_each  = local.secrets
  project   = var.platform.project
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this.member
}

resource "google_project_iam_member" "state" {
  count   = contains(var.needs, "HJEMMEL_STATE") ? 1 : 0
  project = var.platform.project
  role    = "roles/datastore.user"
  member  = google_service_account.this.member
  condition {
    title      = "one-database"
    expression = "resource.name == \"projects/${var.platform.project}/databases/${var.platform.database}\""
  }
}

resource "google_storage_bucket_iam_member" "this" {
  for_each = var.buckets
  bucket   = var.platform.buckets[each.key]
  role     = each.value
  member   = google_service_account.this.member

  lifecycle {
    precondition {
      condition     = contains(var.needs, each.key)
      error_message = "${var.name} has a right to ${each.key} and does not open it."
    }
  }
}

# Who may call: anybody through the load balancer, where the function itself asks who it is; else the accounts named.
resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = toset(var.callers)
  project  = var.platform.project
  location = var.platform.region
  name     = google_cloud_run_v2_service.this.name
  role     = "roles/run.invoker"
  member   = each.value
}
