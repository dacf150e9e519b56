variable "project" {
  description = "ID of the project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of buckets, images and runs; one that has the GPUs, such as europe-west4."
  type        = string
}

variable "launchers" {
  description = "Who may start and schedule runs and see what they made, such as \"group:video-team@example.com\"."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.launchers : can(regex("^(user|group|serviceAccount):", member))])
    error_message = "Each launcher begins with user:, group: or serviceAccount:."
  }
}

variable "pipeline_root_days" {
  description = "Days after which what tasks hand on to each other is deleted (pipeline_root/)."
  type        = number
  default     = 30
}

variable "runs_days" {
  description = "Days after which plans and reports of runs are deleted (runs/)."
  type        = number
  default     = 365
}

variable "cold_after_days" {
  description = "Days after which finished videos move to Nearline, which is cheaper to keep and dearer to read; 0 for never."
  type        = number
  default     = 0
}

variable "former_versions_days" {
  description = "Days for which a replaced or deleted object can be had back."
  type        = number
  default     = 7
}

variable "billing_account" {
  description = "ID of the billing account, for the budget alert; empty for no budget."
  type        = string
  default     = ""
}

variable "budget" {
  description = "What the project may cost in a month, in whole units of the billing account's currency."
  type        = number
  default     = 500
}

variable "alert_email" {
  description = "Who is told when half, nine tenths or all of the budget is spent or all of it foreseen; empty for the billing administrators alone."
  type        = string
  default     = ""
}

variable "gemini_key" {
  description = "Whether to keep an entry for a Gemini API key. Runs need none: they ask on Vertex AI as their own account."
  type        = bool
  default     = false
}

variable "encryption" {
  description = "Whether buckets, images and secrets are encrypted with a key of the project's own (CMEK)."
  type        = bool
  default     = false
}

variable "labels" {
  description = "Labels for all that can have some, for the bill."
  type        = map(string)
  default     = {}
}
