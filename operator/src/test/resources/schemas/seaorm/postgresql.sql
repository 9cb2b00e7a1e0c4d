CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
INSERT INTO seaql_migrations VALUES ('m20240101_000001_create', 1704164700);
CREATE TYPE kind AS ENUM ('sweet', 'sour');
CREATE TABLE cake (id uuid NOT NULL PRIMARY KEY, key uuid, name varchar(64) NOT NULL, baked_at timestamp NOT NULL, eaten_at timestamptz, on_day date, at time, price decimal(16, 4), meta json, meta_b jsonb, fresh boolean NOT NULL DEFAULT true, photo bytea, count integer, big bigint, kind kind);
