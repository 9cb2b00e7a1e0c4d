module wharfinger.dev/e2e/cluster

go 1.24.0
