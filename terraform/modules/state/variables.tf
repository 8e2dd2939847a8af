variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "name" {
  description = "Name of the database."
  type        = string
  default     = "hjemmel"
}

variable "protect" {
  description = "Whether it cannot be deleted."
  type        = bool
  default     = true
}
