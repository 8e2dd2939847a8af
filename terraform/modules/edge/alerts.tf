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

# The budget of errors burns too fast when two per cent of a month's goes in an hour, 14.4 times what it lasts for, and
# still does: the last five minutes say the same, so that what is over ends the alert.
resource "google_monitoring_alert_policy" "budget" {
  project      = var.project
  display_name = "Hjemmel: error-budget"
  combiner     = "AND"
  dynamic "conditions" {
    for_each = toset(["3600s", "300s"])
    content {
      display_name = "error-budget ${conditions.value}"
      condition_threshold {
        filter             = "${local.revision}\"run.googleapis.com/request_count\" AND metric.labels.response_code_class=\"5xx\""
        denominator_filter = "${local.revision}\"run.googleapis.com/request_count\""
        comparison         = "COMPARISON_GT"
        threshold_value    = 14.4 * (1 - var.availability)
        duration           = "0s"
        aggregations {
          alignment_period     = conditions.value
          per_series_aligner   = "ALIGN_RATE"
          cross_series_reducer = "REDUCE_SUM"
        }
        denominator_aggregations {
          alignment_period     = conditions.value
          per_series_aligner   = "ALIGN_RATE"
          cross_series_reducer = "REDUCE_SUM"
        }
      }
    }
  }
  notification_channels = [google_monitoring_notification_channel.this.id]
  documentation {
    content = "infra/runbooks"
  }
}

# What must be told every minute or so, and is not: sealing that nobody calls does not fail.
resource "google_logging_metric" "silent" {
  for_each = var.silent
  project  = var.project
  name     = "hjemmel/${each.key}"
  filter   = "resource.type=\"cloud_run_revision\" AND ${each.value}"
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
}

resource "google_monitoring_alert_policy" "silent" {
  for_each     = var.silent
  project      = var.project
  display_name = "Hjemmel: ${each.key}"
  combiner     = "OR"
  conditions {
    display_name = each.key
    condition_absent {
      filter   = "${local.revision}\"logging.googleapis.com/user/${google_logging_metric.silent[each.key].name}\""
      duration = "600s"
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_COUNT"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
  notification_channels = [google_monitoring_notification_channel.this.id]
  documentation {
    content = "infra/runbooks/seal.md"
  }
}

output "alerts" {
  description = "What somebody is told of."
  value       = toset([for p in concat(values(google_monitoring_alert_policy.this), [google_monitoring_alert_policy.budget], values(google_monitoring_alert_policy.silent)) : trimprefix(p.display_name, "Hjemmel: ")])
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
