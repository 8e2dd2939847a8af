# The edge: one address, the route table as URL map, a wall before it, alerts, and a budget.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_compute_global_address" "this" {
  project = var.project
  name    = "hjemmel"
}

resource "google_compute_managed_ssl_certificate" "this" {
  project = var.project
  name    = "hjemmel"
  managed {
    domains = [var.domain]
  }
}

resource "google_compute_region_network_endpoint_group" "this" {
  for_each              = var.services
  project               = var.project
  region                = var.region
  name                  = "hjemmel-${each.key}"
  network_endpoint_type = "SERVERLESS"
  cloud_run {
    service = each.value
  }
}

resource "google_compute_backend_service" "this" {
  for_each              = var.services
  project               = var.project
  name                  = "hjemmel-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.this.id
  backend {
    group = google_compute_region_network_endpoint_group.this[each.key].id
  }
  log_config {
    enable = false # paths may hold identity numbers at Fiks' operations; functions log routes instead
  }
}

resource "google_compute_url_map" "this" {
  project         = var.project
  name            = "hjemmel"
  default_service = google_compute_backend_service.this[var.rules[length(var.rules) - 1].function].id
  host_rule {
    hosts        = [var.domain]
    path_matcher = "routes"
  }
  path_matcher {
    name            = "routes"
    default_service = google_compute_backend_service.this[var.rules[length(var.rules) - 1].function].id
    dynamic "route_rules" {
      for_each = var.rules
      content {
        priority = route_rules.key + 1
        service  = google_compute_backend_service.this[route_rules.value.function].id
        match_rules {
          path_template_match = route_rules.value.template
        }
      }
    }
  }
}

resource "google_compute_target_https_proxy" "this" {
  project          = var.project
  name             = "hjemmel"
  url_map          = google_compute_url_map.this.id
  ssl_certificates = [google_compute_managed_ssl_certificate.this.id]
}

resource "google_compute_global_forwarding_rule" "this" {
  project               = var.project
  name                  = "hjemmel"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  port_range            = "443"
  ip_address            = google_compute_global_address.this.id
  target                = google_compute_target_https_proxy.this.id
}

resource "google_compute_security_policy" "this" {
  project = var.project
  name    = "hjemmel"
  rule {
    action      = "deny(403)"
    priority    = 1000
    description = "Known attacks"
    match {
      expr {
        expression = "evaluatePreconfiguredWaf('protocolattack-v33-stable') || evaluatePreconfiguredWaf('scannerdetection-v33-stable')"
      }
    }
  }
  rule {
    action      = "throttle"
    priority    = 2000
    description = "One address, all of it"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_a_minute
        interval_sec = 60
      }
    }
  }
  rule {
    action      = "allow"
    priority    = 2147483647
    description = "Default"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}

output "address" {
  description = "The address that the domain must name."
  value       = google_compute_global_address.this.address
}
