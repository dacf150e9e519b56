output "bucket" {
  description = "`bucket` in config/pipeline.toml: jobs, videos, reports."
  value       = "gs://${google_storage_bucket.videos.name}"
}

output "assets" {
  description = "Parameter `assets` of runs: CHANNEL/video-assets below it."
  value       = "gs://${google_storage_bucket.assets.name}"
}

output "builds" {
  description = "Where Cloud Build takes sources from and puts lock.toml."
  value       = "gs://${google_storage_bucket.builds.name}"
}

output "registry" {
  description = "REGISTRY for `make push` and _REGISTRY for Cloud Build."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "service_account" {
  description = "`service_account` in config/pipeline.toml: what runs work as."
  value       = google_service_account.runs.email
}

output "launch_account" {
  description = "What a machine works as that starts or schedules runs."
  value       = google_service_account.launches.email
}

output "build_account" {
  description = "What Cloud Build works as."
  value       = google_service_account.builds.name
}

output "encryption_key" {
  description = "`encryption_key` in config/pipeline.toml; empty without var.encryption."
  value       = one(local.keys) == null ? "" : one(local.keys)
}
