terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "7.18.0"
    }
  }

  # Where Terraform remembers what it made; the bucket is named at `terraform init` (README.md).
  backend "gcs" {
    prefix = "triviareel"
  }
}

provider "google" {
  project = var.project
  region  = var.region

  # Budgets are asked for at the project's cost, not at that of the person's own client.
  user_project_override = true
  billing_project       = var.project

  default_labels = merge(var.labels, { app = "triviareel" })
}
