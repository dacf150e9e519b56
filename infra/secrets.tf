# A Gemini API key, for people who ask from their own machines: runs ask as their account, and no step reads this. Its value
# never passes through Terraform, whose state would keep it (README.md says how it is put in and read).

resource "google_secret_manager_secret" "gemini" {
  count = var.gemini_key ? 1 : 0

  secret_id = "gemini-api-key"

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = local.keys
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }

  depends_on = [google_project_service.needed, google_kms_crypto_key_iam_member.agents]
}

resource "google_secret_manager_secret_iam_member" "launchers" {
  for_each = var.gemini_key ? local.people : {}

  secret_id = google_secret_manager_secret.gemini[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value
}
