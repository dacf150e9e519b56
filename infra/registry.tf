# Where the images are. Runs name them by digest, and a tag that was pushed stays what it is.

resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:A key of the project's own is a choice (var.encryption); Google encrypts with its own otherwise.
  location      = var.region
  repository_id = "triviareel"
  description   = "Images of triviareel's steps"
  format        = "DOCKER"
  kms_key_name  = one(local.keys)

  docker_config {
    immutable_tags = true
  }

  # Schedules may name an old digest, so what is deleted is old, and never among the latest.
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "180d"
    }
  }

  cleanup_policies {
    id     = "keep-latest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }

  depends_on = [google_project_service.needed, google_kms_crypto_key_iam_member.agents]
}
