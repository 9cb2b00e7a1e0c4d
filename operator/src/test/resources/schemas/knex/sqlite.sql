CREATE TABLE `knex_migrations` (`id` integer not null primary key autoincrement, `name` varchar(255), `batch` integer, `migration_time` datetime);
INSERT INTO knex_migrations VALUES (1, '20240101_init.js', 1, 1704164645678);
CREATE TABLE `knex_migrations_lock` (`index` integer not null primary key autoincrement, `is_locked` integer);
INSERT INTO knex_migrations_lock VALUES (1, 0);
CREATE TABLE `users` (`id` integer not null primary key autoincrement, `name` varchar(255) not null, `active` boolean default '1', `prefs` json, `rank` float, `amount` decimal(8, 2), `kind` text check (`kind` in ('user', 'order')), `seen_at` datetime, `created_at` datetime not null default CURRENT_TIMESTAMP, `token` char(36), `data` blob);
CREATE UNIQUE INDEX `users_name_unique` on `users` (`name`);
INSERT INTO users VALUES (1, 'Ann', 1, '{"a":[1]}', 1.5, 10.25, 'user', 1704164645678, '2024-01-02 03:04:05', '0f8fad5b-d9cb-469f-a165-70867728950e', x'01');
INSERT INTO users VALUES (2, 'Bob', 0, NULL, NULL, NULL, 'order', NULL, '2024-01-02 03:04:06', NULL, NULL);
