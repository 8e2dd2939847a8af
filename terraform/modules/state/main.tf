# The state: one Firestore database with recovery to any point of the last week, and a backup a day for two weeks.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_firestore_database" "this" {
  project                           = var.project
  name                              = var.name
  location_id                       = var.region
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.protect ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
}

resource "google_firestore_backup_schedule" "daily" {
  project   = var.project
  database  = google_firestore_database.this.name
  retention = "1209600s"
  daily_recurrence {}
}

output "url" {
  description = "HJEMMEL_STATE."
  value       = "firestore://${var.project}/${google_firestore_database.this.name}/hjemmel"
}

output "database" {
  description = "Name of the database."
  value       = google_firestore_database.this.name
}
