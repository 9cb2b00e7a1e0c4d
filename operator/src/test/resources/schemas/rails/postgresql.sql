CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20240203040506'), ('20240102030405');
CREATE TABLE ar_internal_metadata (key varchar NOT NULL PRIMARY KEY, value varchar, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
INSERT INTO ar_internal_metadata VALUES ('environment', 'production', now(), now());
CREATE TABLE users (id bigserial PRIMARY KEY, email varchar DEFAULT '' NOT NULL, admin boolean DEFAULT false NOT NULL, balance numeric(10,2) DEFAULT 0.0, born_on date, wakes_at time, settings json DEFAULT '{}', ratio double precision, photo bytea, role integer DEFAULT 0, bio text, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
CREATE UNIQUE INDEX index_users_on_email ON users (email);
CREATE TABLE posts (id bigserial PRIMARY KEY, user_id bigint NOT NULL, title varchar(80), legacy boolean DEFAULT false, posted_at timestamp, created_at timestamp(6) NOT NULL, CONSTRAINT fk_rails_5b5ddfd518 FOREIGN KEY (user_id) REFERENCES users (id));
CREATE INDEX index_posts_on_user_id ON posts (user_id);
