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

variable "deadline" {
  description = "How long a call may take, in seconds with an s."
  type        = string
  default     = "180s"
}
