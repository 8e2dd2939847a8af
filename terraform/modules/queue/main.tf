# A topic that is pushed to a function with a token of the platform, and where what cannot be delivered ends.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_pubsub_topic" "this" {
  for_each = toset([var.topic, "${var.topic}-dead"])
  project  = var.project
  name     = each.value
  message_storage_policy {
    allowed_persistence_regions = [var.region]
    enforce_in_transit          = true
  }
}

resource "google_service_account" "push" {
  project      = var.project
  account_id   = "push-${var.topic}"
  display_name = "Pushes ${var.topic}"
}

resource "google_cloud_run_v2_service_iam_member" "push" {
  project  = var.project
  location = var.region
  name     = var.service
  role     = "roles/run.invoker"
  member   = google_service_account.push.member
}

resource "google_pubsub_subscription" "push" {
  project              = var.project
  name                 = "${var.topic}-push"
  topic                = google_pubsub_topic.this[var.topic].id
  ack_deadline_seconds = var.seconds
  push_config {
    push_endpoint = var.endpoint
    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = var.audience
    }
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.this["${var.topic}-dead"].id
    max_delivery_attempts = 10
  }
  expiration_policy {
    ttl = ""
  }
}

# What died is kept for somebody to look at.
resource "google_pubsub_subscription" "dead" {
  project                    = var.project
  name                       = "${var.topic}-dead"
  topic                      = google_pubsub_topic.this["${var.topic}-dead"].id
  message_retention_duration = "604800s"
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = var.publishers
  project  = var.project
  topic    = google_pubsub_topic.this[var.topic].name
  role     = "roles/pubsub.publisher"
  member   = "serviceAccount:${each.value}"
}

# What cannot be delivered is laid aside by Pub/Sub's own account.
locals {
  pubsub = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "dead" {
  project = var.project
  topic   = google_pubsub_topic.this["${var.topic}-dead"].name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub
}

resource "google_pubsub_subscription_iam_member" "push" {
  project      = var.project
  subscription = google_pubsub_subscription.push.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub
}

output "account" {
  description = "The account that pushes; the function takes its token."
  value       = google_service_account.push.email
}
