variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where data lies."
  type        = string
}

variable "copy_project" {
  description = "Project of the second bucket, best of another owner."
  type        = string
}

variable "sealer" {
  description = "Account that seals."
  type        = string
}

variable "days" {
  description = "Days that a checkpoint is kept."
  type        = number
  default     = 3650
}

variable "locked" {
  description = "Whether that holds for good: a locked bucket cannot be unlocked."
  type        = bool
  default     = true
}

variable "protection" {
  description = "HSM or SOFTWARE."
  type        = string
  default     = "HSM"
}
