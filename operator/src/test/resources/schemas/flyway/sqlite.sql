CREATE TABLE "flyway_schema_history" ("installed_rank" INT NOT NULL PRIMARY KEY, "version" VARCHAR(50), "description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL, "script" VARCHAR(1000) NOT NULL, "checksum" INT, "installed_by" VARCHAR(100) NOT NULL, "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')), "execution_time" INT NOT NULL, "success" BOOLEAN NOT NULL);
CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
INSERT INTO flyway_schema_history VALUES (1, '1', 'init', 'SQL', 'V1__init.sql', 1, '', '2024-01-02 03:04:05.678', 3, 1), (2, NULL, 'views', 'SQL', 'R__views.sql', 2, '', '2024-01-02 03:04:05.678', 3, 1);
CREATE TABLE event (id integer PRIMARY KEY, at timestamp NOT NULL, amount numeric(10,2), open boolean, body clob, uid binary(16));
INSERT INTO event VALUES (1, 1704164645678, 12.5, 1, 'x', x'0f8fad5bd9cb469fa16570867728950e');
CREATE TABLE migrations (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, migration VARCHAR NOT NULL, batch INTEGER NOT NULL);
INSERT INTO migrations VALUES (1, '0001_01_01_000000_create_users_table', 1);
