module wharfinger.dev/operator/drivers/pgx

go 1.24.0

require github.com/jackc/pgx/v5 v5.7.6
