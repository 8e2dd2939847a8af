output "service" {
  description = "Name of the service."
  value       = google_cloud_run_v2_service.this.name
}

output "uri" {
  description = "Address of the service, for the platform's own callers."
  value       = google_cloud_run_v2_service.this.uri
}

output "account" {
  description = "The function's account."
  value       = google_service_account.this.email
}
