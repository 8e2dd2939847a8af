variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "settings" {
  description = "Settings that are secrets."
  type        = list(string)
}
