CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO __diesel_schema_migrations VALUES ('20190912100000', now()), ('20240112210182', now());
CREATE TABLE users (uuid char(36) NOT NULL PRIMARY KEY, created_at timestamp NOT NULL, email text NOT NULL UNIQUE, password_hash bytea NOT NULL, enabled boolean NOT NULL DEFAULT true, iterations integer NOT NULL, totp text);
CREATE TABLE folders (uuid char(36) NOT NULL PRIMARY KEY, user_uuid char(36) NOT NULL REFERENCES users (uuid), name text NOT NULL, updated_at timestamp NOT NULL);
