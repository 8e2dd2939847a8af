# Files of citizen lists: gone after some days whatever happens, and nobody's but the functions'.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_storage_bucket" "this" {
  project                     = var.project
  name                        = "${var.project}-lister"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  lifecycle_rule {
    condition {
      age = var.days
    }
    action {
      type = "Delete"
    }
  }
  soft_delete_policy {
    retention_duration_seconds = 0
  }
}

output "bucket" {
  description = "Name of the bucket."
  value       = google_storage_bucket.this.name
}
