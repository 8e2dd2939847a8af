# The sealed log. Its files are create-only; the second bucket takes every checkpoint, locked for years: who writes
# there can neither read nor delete, and neither can anybody before the time is over.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = ">= 6.50, < 8" }
  }
}

resource "google_storage_bucket" "logg" {
  project                     = var.project
  name                        = "${var.project}-logg"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
}

resource "google_storage_bucket" "copy" {
  project                     = var.copy_project
  name                        = "${var.project}-sjekkpunkter"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  retention_policy {
    retention_period = var.days * 86400
    is_locked        = var.locked
  }
}

# Reads and creates files of the log. A checkpoint alone is written over, which Google takes for a deletion.
resource "google_storage_bucket_iam_member" "sealer" {
  for_each = toset(["roles/storage.objectViewer", "roles/storage.objectCreator"])
  bucket   = google_storage_bucket.logg.name
  role     = each.value
  member   = "serviceAccount:${var.sealer}"
}

resource "google_storage_bucket_iam_member" "checkpoint" {
  bucket = google_storage_bucket.logg.name
  role   = "roles/storage.objectUser"
  member = "serviceAccount:${var.sealer}"
  condition {
    title      = "checkpoint-alone"
    expression = "resource.name == \"projects/_/buckets/${google_storage_bucket.logg.name}/objects/checkpoint\""
  }
}

resource "google_storage_bucket_iam_member" "copy" {
  bucket = google_storage_bucket.copy.name
  role   = "roles/storage.objectCreator"
  member = "serviceAccount:${var.sealer}"
}

# Signs checkpoints in hardware once the sealer can ask it; until then HJEMMEL_LOGG_KEY signs.
resource "google_kms_key_ring" "this" {
  project  = var.project
  name     = "hjemmel"
  location = var.region
}

resource "google_kms_crypto_key" "checkpoints" {
  name     = "sjekkpunkter"
  key_ring = google_kms_key_ring.this.id
  purpose  = "ASYMMETRIC_SIGN"
  version_template {
    algorithm        = "EC_SIGN_ED25519"
    protection_level = var.protection
  }
}

resource "google_kms_crypto_key_iam_member" "sealer" {
  crypto_key_id = google_kms_crypto_key.checkpoints.id
  role          = "roles/cloudkms.signer"
  member        = "serviceAccount:${var.sealer}"
}
