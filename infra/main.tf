# What everything else stands on: the services, and the project's number.

locals {
  services = [
    "aiplatform.googleapis.com",
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com", # Vertex AI's machines
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ]

  # Google's own accounts, by which services reach each other.
  agents = {
    for name, domain in {
      images  = "gcp-sa-artifactregistry"
      runs    = "gcp-sa-aiplatform"
      secrets = "gcp-sa-secretmanager"
      storage = "gs-project-accounts"
    } : name => "serviceAccount:service-${data.google_project.this.number}@${domain}.iam.gserviceaccount.com"
  }
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "needed" {
  for_each = toset(local.services)

  service            = each.value
  disable_on_destroy = false # others in the project may need it
}
