CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO schema_migrations VALUES (12, false);
CREATE TABLE users (id bigserial PRIMARY KEY, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz, seen_at timestamptz, name text, age bigint, rate numeric, active boolean, blob bytea, score numeric, uid text, email text NOT NULL DEFAULT '', CONSTRAINT uni_users_email UNIQUE (email));
CREATE INDEX idx_users_deleted_at ON users (deleted_at);
CREATE TABLE cards (user_id bigint, number text, PRIMARY KEY (user_id, number), CONSTRAINT fk_users_cards FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
