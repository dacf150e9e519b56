# An alert, not a limit: Google goes on until somebody stops it. A run's own limit is the parameter spend_ceiling.

resource "google_monitoring_notification_channel" "alert" {
  count = var.alert_email == "" ? 0 : 1

  display_name = "triviareel: budget"
  type         = "email"
  labels       = { email_address = var.alert_email }

  depends_on = [google_project_service.needed]
}

resource "google_billing_budget" "month" {
  count = var.billing_account == "" ? 0 : 1

  billing_account = var.billing_account
  display_name    = "triviareel: ${var.project}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      units = tostring(var.budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  dynamic "all_updates_rule" {
    for_each = google_monitoring_notification_channel.alert[*].id
    content {
      monitoring_notification_channels = [all_updates_rule.value]
    }
  }

  depends_on = [google_project_service.needed]
}
