# Secrets by setting: named and guarded here, filled by hand (infra/runbooks), so that none lies in Terraform's state.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_secret_manager_secret" "this" {
  for_each  = toset(var.settings)
  project   = var.project
  secret_id = lower(replace(each.value, "_", "-"))
  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }
}

output "ids" {
  description = "Ids of the secrets by setting."
  value       = { for setting, s in google_secret_manager_secret.this : setting => s.secret_id }
}
