variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "domain" {
  description = "Name that the system is reached by."
  type        = string
}

variable "services" {
  description = "Names of the services by function."
  type        = map(string)
}

variable "rules" {
  description = "The route table, in order."
  type        = list(object({ template = string, function = string }))
}

variable "requests_a_minute" {
  description = "What one address may ask in a minute; a vendor's systems share one."
  type        = number
  default     = 6000
}

variable "operators" {
  description = "Where alerts go, an e-mail address."
  type        = string
}

variable "lines" {
  description = "Alerts by log line: name and filter."
  type        = map(string)
}

variable "silent" {
  description = "Alerts by log line that must come at least every ten minutes: name and filter."
  type        = map(string)
}

variable "availability" {
  description = "Share of requests that are answered without an error of ours, in a month."
  type        = number
  default     = 0.999
}

variable "billing_account" {
  description = "Billing account of the budget."
  type        = string
}

variable "budget" {
  description = "Budget of a month, NOK."
  type        = string
}
