# Three buckets: what is made, what it is made of, and what images are built from.

resource "google_storage_bucket" "videos" {
  #checkov:skip=CKV_GCP_62:Access is told by Cloud Audit Logs, which can be searched; access logs in a bucket cannot.
  name                        = "${var.project}-videos"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  # Former versions can be had back already; keeping what is deleted a second time would be paid twice.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "encryption" {
    for_each = local.keys
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.former_versions_days
      with_state                 = "ARCHIVED"
    }
  }

  # A claim is renewed several times a minute while its video is made, and its former versions tell nothing.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 1
      matches_suffix             = ["/_CLAIM.json"]
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = var.pipeline_root_days
      matches_prefix = ["pipeline_root/"]
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = var.runs_days
      matches_prefix = ["runs/"]
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.cold_after_days > 0 ? [var.cold_after_days] : []
    content {
      action {
        type          = "SetStorageClass"
        storage_class = "NEARLINE"
      }
      condition {
        age            = lifecycle_rule.value
        matches_prefix = ["final_videos/"]
      }
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.needed, google_kms_crypto_key_iam_member.agents]
}

resource "google_storage_bucket" "assets" {
  #checkov:skip=CKV_GCP_62:Access is told by Cloud Audit Logs, which can be searched; access logs in a bucket cannot.
  name                        = "${var.project}-assets"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Videos name the generations they were made with; these can be looked at for as long as former versions are kept.
  versioning {
    enabled = true
  }

  dynamic "encryption" {
    for_each = local.keys
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 90
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.needed, google_kms_crypto_key_iam_member.agents]
}

resource "google_storage_bucket" "builds" {
  #checkov:skip=CKV_GCP_62:Access is told by Cloud Audit Logs, which can be searched; access logs in a bucket cannot.
  name                        = "${var.project}-builds"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  dynamic "encryption" {
    for_each = local.keys
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 30
      matches_prefix = ["source/"]
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.former_versions_days
      with_state                 = "ARCHIVED"
    }
  }

  depends_on = [google_project_service.needed, google_kms_crypto_key_iam_member.agents]
}
