# Who may do what. Three accounts, none of which has a key to lose, and none of which may change the project.

resource "google_service_account" "runs" {
  account_id   = "triviareel-runs"
  display_name = "triviareel: what runs and their tasks work as"

  depends_on = [google_project_service.needed]
}

resource "google_service_account" "launches" {
  account_id   = "triviareel-launches"
  display_name = "triviareel: starts and schedules runs, for machines that do so"

  depends_on = [google_project_service.needed]
}

resource "google_service_account" "builds" {
  account_id   = "triviareel-builds"
  display_name = "triviareel: builds images"

  depends_on = [google_project_service.needed]
}

locals {
  runs   = google_service_account.runs.member
  builds = google_service_account.builds.member

  # By keys that are known before the account is made.
  people    = { for member in var.launchers : member => member }
  launchers = merge(local.people, { launches = google_service_account.launches.member })
}

# --- Runs: Vertex AI gives all tasks of a run the run's account, so there is one for planning, asking and rendering.

resource "google_project_iam_member" "runs" {
  for_each = toset([
    "roles/aiplatform.user",   # its own tasks and their metadata; custom jobs on spot machines; asking Gemini
    "roles/logging.logWriter", # what steps say
  ])

  project = var.project
  role    = each.value
  member  = local.runs
}

resource "google_storage_bucket_iam_member" "runs_write_videos" {
  bucket = google_storage_bucket.videos.name
  role   = "roles/storage.objectUser" # objects alone: it can neither open the bucket to others nor delete it
  member = local.runs
}

resource "google_storage_bucket_iam_member" "runs_read_assets" {
  bucket = google_storage_bucket.assets.name
  role   = "roles/storage.objectViewer"
  member = local.runs
}

resource "google_artifact_registry_repository_iam_member" "runs_pull" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = local.runs
}

# A custom job on a spot machine is made by the run, to work as the run.
resource "google_service_account_iam_member" "runs_as_itself" {
  service_account_id = google_service_account.runs.name
  role               = "roles/iam.serviceAccountUser"
  member             = local.runs
}

# --- Launching: the account for machines, and people.

resource "google_project_iam_member" "launchers" {
  for_each = local.launchers

  project = var.project
  role    = "roles/aiplatform.user"
  member  = each.value
}

resource "google_project_iam_member" "launchers_read_logs" {
  for_each = local.people

  project = var.project
  role    = "roles/logging.viewer" # what a task said before it failed
  member  = each.value
}

resource "google_service_account_iam_member" "launchers_as_runs" {
  for_each = local.launchers

  service_account_id = google_service_account.runs.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

resource "google_storage_bucket_iam_member" "launchers_see_videos" {
  for_each = local.launchers

  bucket = google_storage_bucket.videos.name
  role   = "roles/storage.objectViewer" # `triviareel status`, reports, videos
  member = each.value
}

resource "google_storage_bucket_iam_member" "launchers_see_bucket" {
  for_each = local.launchers

  bucket = google_storage_bucket.videos.name
  role   = "roles/storage.legacyBucketReader" # `submit` looks whether the bucket is there
  member = each.value
}

resource "google_storage_bucket_iam_member" "launchers_write_assets" {
  for_each = local.people

  bucket = google_storage_bucket.assets.name
  role   = "roles/storage.objectUser" # `triviareel assets build --to gs://…`
  member = each.value
}

# --- Builds: images/cloudbuild.yaml.

resource "google_project_iam_member" "builds_log" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = local.builds
}

resource "google_storage_bucket_iam_member" "builds_sources" {
  bucket = google_storage_bucket.builds.name
  role   = "roles/storage.objectUser" # reads the sources, writes lock.toml
  member = local.builds
}

resource "google_artifact_registry_repository_iam_member" "builds_push" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = local.builds
}

resource "google_service_account_iam_member" "launchers_as_builds" {
  for_each = local.people

  service_account_id = google_service_account.builds.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

# Of roles/cloudbuild.builds.editor what it takes, which is not to work as other accounts.
resource "google_project_iam_custom_role" "builder" {
  role_id     = "triviareelBuilder"
  title       = "triviareel: starts builds"
  description = "Starts builds as an account that one may work as, and sees how they went."
  permissions = [
    "cloudbuild.builds.create",
    "cloudbuild.builds.get",
    "cloudbuild.builds.list",
    "serviceusage.services.use", # whatever a person's own client asks, at the project's cost; submit, too
  ]

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "launchers_build" {
  for_each = local.people

  project = var.project
  role    = google_project_iam_custom_role.builder.name
  member  = each.value
}

resource "google_storage_bucket_iam_member" "launchers_sources" {
  for_each = local.people

  bucket = google_storage_bucket.builds.name
  role   = "roles/storage.objectUser" # uploads sources, fetches lock.toml
  member = each.value
}

resource "google_storage_bucket_iam_member" "launchers_see_builds" {
  for_each = local.people

  bucket = google_storage_bucket.builds.name
  role   = "roles/storage.legacyBucketReader" # `gcloud builds submit` looks whether the bucket is there
  member = each.value
}
