variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "days" {
  description = "Days after which a file is gone, whatever its list says; none lives longer."
  type        = number
  default     = 31
}
