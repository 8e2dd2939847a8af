project             = "hjemmel-test"
copy_project        = "hjemmel-test-kopi"
domain              = "test.hjemmel.example"
miljo               = "test"
register            = "https://folkeregisteret-api-konsument.sits.no"
orgnr               = "000000000"
maskinporten_client = "00000000-0000-0000-0000-000000000000"
maskinporten_key_id = "hjemmel-2026"
images              = "europe-north1-docker.pkg.dev/hjemmel-test/hjemmel"
protect             = false
instances           = { min = 0, max = 5 }
operators           = "drift@hjemmel.example"
billing_account     = "000000-000000-000000"
budget              = "2000"
