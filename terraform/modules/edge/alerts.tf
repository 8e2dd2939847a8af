resource "google_monitoring_notification_channel" "this" {
  project      = var.project
  display_name = "Hjemmel drift"
  type         = "email"
  labels       = { email_address = var.operators }
}

# Log lines that somebody must look at, by what they say.
resource "google_logging_metric" "this" {
  for_each = var.lines
  project  = var.project
  name     = "hjemmel/${each.key}"
  filter   = "resource.type=\"cloud_run_revision\" AND ${each.value}"
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
}

locals {
  revision = "resource.type=\"cloud_run_revision\" AND metric.type="
  alerts = merge(
    { for name, _ in var.lines : name => { filter = "${local.revision}\"logging.googleapis.com/user/hjemmel/${name}\"", threshold = 0 } },
    {
      # Of 99.9 % a month, 14.4 times too fast: two per cent of the budget in an hour.
      error-budget = { filter = "${local.revision}\"run.googleapis.com/request_count\" AND metric.labels.response_code_class=\"5xx\"", threshold = var.errors_a_second }
      dead-letters = { filter = "resource.type=\"pubsub_topic\" AND metric.type=\"pubsub.googleapis.com/topic/send_message_operation_count\" AND resource.labels.topic_id=monitoring.regex.full_match(\".*-dead\")", threshold = 0 }
    }
  )
}

resource "google_monitoring_alert_policy" "this" {
  for_each     = local.alerts
  project      = var.project
  display_name = "Hjemmel: ${each.key}"
  combiner     = "OR"
  conditions {
    display_name = each.key
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.threshold
      duration        = "300s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_RATE"
      }
    }
  }
  notification_channels = [google_monitoring_notification_channel.this.id]
  documentation {
    content = "infra/runbooks"
  }
}

resource "google_billing_budget" "this" {
  billing_account = var.billing_account
  display_name    = "Hjemmel ${var.project}"
  budget_filter {
    projects = ["projects/${var.project}"]
  }
  amount {
    specified_amount {
      currency_code = "NOK"
      units         = var.budget
    }
  }
  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }
}
