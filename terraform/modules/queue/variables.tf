variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "project_number" {
  description = "Number of that project, by which Google names Pub/Sub's own account in it."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "topic" {
  description = "Name of the topic."
  type        = string
}

variable "service" {
  description = "Service that is pushed to."
  type        = string
}

variable "endpoint" {
  description = "Address that is pushed to."
  type        = string
}

variable "audience" {
  description = "Audience of the token."
  type        = string
}

variable "publishers" {
  description = "Accounts that may publish, by function."
  type        = map(string)
}

variable "seconds" {
  description = "How long a delivery may take, seconds; Pub/Sub has 600 at most."
  type        = number
  default     = 600
}
