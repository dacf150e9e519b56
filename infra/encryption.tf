# A key of the project's own, if wanted. Losing it loses everything it encrypted, so Terraform never destroys it.

locals {
  keys = google_kms_crypto_key.data[*].id # none or one
}

resource "google_kms_key_ring" "data" {
  count = var.encryption ? 1 : 0

  name     = "triviareel"
  location = var.region

  depends_on = [google_project_service.needed]
}

resource "google_kms_crypto_key" "data" {
  count = var.encryption ? 1 : 0

  name            = "data"
  key_ring        = google_kms_key_ring.data[0].id
  rotation_period = "7776000s" # 90 days

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "agents" {
  for_each = var.encryption ? local.agents : {}

  crypto_key_id = google_kms_crypto_key.data[0].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value
}
