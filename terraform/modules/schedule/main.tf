# What calls a function by the clock, with a token of the platform.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_service_account" "this" {
  project      = var.project
  account_id   = "klokke-${var.name}"
  display_name = "Calls ${var.name} by the clock"
}

resource "google_cloud_run_v2_service_iam_member" "this" {
  project  = var.project
  location = var.region
  name     = var.service
  role     = "roles/run.invoker"
  member   = google_service_account.this.member
}

resource "google_cloud_scheduler_job" "this" {
  project          = var.project
  region           = var.region
  name             = var.name
  schedule         = var.schedule
  time_zone        = "Europe/Oslo"
  attempt_deadline = var.deadline
  http_target {
    http_method = "POST"
    uri         = var.address
    oidc_token {
      service_account_email = google_service_account.this.email
      audience              = var.audience
    }
  }
  retry_config {
    retry_count = 1
  }
}

output "account" {
  description = "The account that calls; the function takes its token."
  value       = google_service_account.this.email
}
