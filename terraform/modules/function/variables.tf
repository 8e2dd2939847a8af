variable "name" {
  description = "Name of the function, as its folder below functions/."
  type        = string
  validation {
    condition     = can(regex("^[a-z]{3,20}$", var.name))
    error_message = "A function's name is 3 to 20 letters."
  }
}

variable "digest" {
  description = "The image, by digest: what was signed is what runs."
  type        = string
  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.digest))
    error_message = "An image is named by its digest, sha256:…, and not by a tag."
  }
}

variable "needs" {
  description = "Settings of what the function opens. terraform/routes.json has them of the code, and a test compares."
  type        = list(string)
}

variable "buckets" {
  description = "Rights in buckets, by the setting of the bucket."
  type        = map(string)
  default     = {}
}

variable "settings" {
  description = "Settings of this function alone."
  type        = map(string)
  default     = {}
}

variable "callers" {
  description = "Who may call the service."
  type        = list(string)
  default     = ["allUsers"]
}

variable "memory" {
  description = "Memory of an instance."
  type        = string
  default     = "512Mi"
}

variable "concurrency" {
  description = "Requests that an instance answers at once."
  type        = number
  default     = 80
}

variable "seconds" {
  description = "How long a request may take, seconds."
  type        = number
  default     = 120
}

variable "instances" {
  description = "Fewest and most instances."
  type        = object({ min = number, max = number })
  default     = { min = 1, max = 20 }
}

variable "platform" {
  description = "What all functions share: project, region, registry, settings, ids of secrets and buckets by setting."
  type = object({
    project  = string
    region   = string
    images   = string
    database = string
    protect  = bool
    always   = map(string)
    settings = map(string)
    secrets  = map(string)
    buckets  = map(string)
  })
}
