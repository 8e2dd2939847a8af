variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "project_number" {
  description = "Number of that project, by which Google names its own accounts in it."
  type        = string
}

variable "copy_project" {
  description = "Project of the checkpoints' second place, best of another owner."
  type        = string
}

variable "region" {
  description = "Where all data lies: a region in the EEA."
  type        = string
  default     = "europe-north1"
  validation {
    condition     = startswith(var.region, "europe-") && !contains(["europe-west2", "europe-west6"], var.region)
    error_message = "Data stays in the EEA: europe-*, and neither London nor Zürich."
  }
}

variable "domain" {
  description = "Name that the system is reached by."
  type        = string
}

variable "miljo" {
  description = "test: only synthetic persons; prod: anybody."
  type        = string
}

variable "register" {
  description = "Host of the register."
  type        = string
}

variable "orgnr" {
  description = "Our organisation number at Maskinporten."
  type        = string
}

variable "maskinporten_client" {
  description = "Our client id at Maskinporten."
  type        = string
}

variable "maskinporten_key_id" {
  description = "kid of our key at Maskinporten."
  type        = string
}

variable "idporten_key_id" {
  description = "kid of our web client's key at ID-porten."
  type        = string
}

variable "settings" {
  description = "Further settings of all functions: HJEMMEL_IDPORTEN_CLIENTS, and the issuers where they are not production's."
  type        = map(string)
  default     = {}
}

variable "images" {
  description = "Registry of the images: europe-north1-docker.pkg.dev/PROJECT/hjemmel."
  type        = string
}

variable "digests" {
  description = "Image of each function: sha256:…; the deployment gives them."
  type        = map(string)
}

variable "instances" {
  description = "Fewest and most instances of lookup."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 100 }
}

variable "protect" {
  description = "Whether state cannot be deleted and checkpoints are locked for good."
  type        = bool
  default     = true
}

variable "operators" {
  description = "Where alerts go, an e-mail address."
  type        = string
}

variable "billing_account" {
  description = "Billing account of the budget."
  type        = string
}

variable "budget" {
  description = "Budget of a month, NOK."
  type        = string
}
