CREATE TABLE knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz);
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20240101_init.js', 1, now());
CREATE TABLE knex_migrations_lock (index serial primary key, is_locked integer);
INSERT INTO knex_migrations_lock (is_locked) VALUES (0);
CREATE TABLE users (id serial primary key, name varchar(255) not null, active boolean default '1', prefs json, rank real, amount decimal(8, 2), kind text check (kind in ('user', 'order')), seen_at timestamptz, created_at timestamptz not null default CURRENT_TIMESTAMP, token uuid, data bytea);
ALTER TABLE users ADD CONSTRAINT users_name_unique UNIQUE (name);
