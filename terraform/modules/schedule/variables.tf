variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "name" {
  description = "Name of the job."
  type        = string
}

variable "service" {
  description = "Service that is called."
  type        = string
}

variable "address" {
  description = "Address that is called."
  type        = string
}

variable "audience" {
  description = "Audience of the token."
  type        = string
}

variable "schedule" {
  description = "When, as cron, Oslo time."
  type        = string
}
