CREATE TABLE `schema_migrations` (version uint64,dirty bool);
INSERT INTO schema_migrations VALUES (12, 0);
CREATE TABLE `users` (`id` integer PRIMARY KEY AUTOINCREMENT,`created_at` datetime,`updated_at` datetime,`deleted_at` datetime,`seen_at` datetime,`name` text,`age` integer,`rate` numeric,`active` numeric,`blob` blob,`score` real,`uid` text,`email` text NOT NULL DEFAULT "",CONSTRAINT `uni_users_email` UNIQUE (`email`));
CREATE INDEX `idx_users_deleted_at` ON `users`(`deleted_at`);
CREATE TABLE `cards` (`user_id` integer,`number` text,PRIMARY KEY (`user_id`,`number`),CONSTRAINT `fk_users_cards` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE);
INSERT INTO users VALUES (1, '2024-01-02 03:04:05.123456+00:00', '2024-01-02 03:04:05.12+00:00', NULL, '2024-01-02 03:04:05.12 +0000 UTC', 'Ann', 42, 1.5, 1, x'00', 0.1, '0f8fad5b-d9cb-469f-a165-70867728950e', 'a');
INSERT INTO users VALUES (2, '2024-01-02 03:04:05+00:00', '0001-01-01 00:00:00+00:00', '2024-01-02 03:04:06.5+00:00', '2024-01-02 03:04:05 +0000 UTC', '', 0, 2, 0, NULL, NULL, '', '');
INSERT INTO cards VALUES (1, '4111'), (2, '');
