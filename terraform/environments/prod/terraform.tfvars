project             = "hjemmel-prod"
copy_project        = "hjemmel-prod-kopi"
domain              = "hjemmel.example"
miljo               = "prod"
register            = "https://folkeregisteret.api.skatteetaten.no"
orgnr               = "000000000"
maskinporten_client = "00000000-0000-0000-0000-000000000000"
maskinporten_key_id = "hjemmel-2026"
images              = "europe-north1-docker.pkg.dev/hjemmel-prod/hjemmel"
protect             = true
instances           = { min = 2, max = 100 }
operators           = "drift@hjemmel.example"
billing_account     = "000000-000000-000000"
budget              = "20000"
