# Plan and apply against a provider that knows Google's arguments and asks nobody.

mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "konto@hjemmel-test.iam.gserviceaccount.com"
      member = "serviceAccount:konto@hjemmel-test.iam.gserviceaccount.com"
    }
  }
}

variables {
  digests = {
    admin      = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    audit      = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    listorder  = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    listrender = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    lookup     = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    rolesync   = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    web        = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
  }
}

run "everything_is_made" {
  command = apply
  assert {
    condition     = module.edge.alerts == toset(["dead-letters", "error-budget", "looking-late", "register-denied", "sealing-down", "sealing-forked", "sealing-holes", "sealing-lag", "tokens-ending"])
    error_message = "Somebody must be told of what spends the budget of errors, of sealing that fails or is late, of entries that nobody looks at, of dead letters and of tokens that end."
  }
}

run "data_stays_in_the_eea" {
  command = plan
  variables {
    region = "us-central1"
  }
  expect_failures = [var.region]
}
