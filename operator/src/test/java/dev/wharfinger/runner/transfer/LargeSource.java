package dev.wharfinger.runner.transfer;

/** Tables of every kind that chunks make a difference to. */
final class LargeSource {
  static final String SERIES =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) ";

  static final String[] SOURCE = {
    "CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL)",
    "CREATE UNIQUE INDEX parent_name ON parent (name)",
    "CREATE TABLE child (id integer PRIMARY KEY AUTOINCREMENT,"
        + " parent_id integer REFERENCES parent (id), body text, flag boolean)",
    "CREATE TABLE word (w text PRIMARY KEY, n integer) WITHOUT ROWID",
    "CREATE TABLE empty (id integer PRIMARY KEY)",
    "CREATE TABLE net (id integer PRIMARY KEY, at text, doc text)",
    SERIES + "INSERT INTO parent SELECT i * 1000003 % 3001, 'name ' || i FROM n",
    SERIES
        + "INSERT INTO child SELECT i * 3 - 4000, iif(i % 100 = 0, 5000 + i, 1 + i % 3000),"
        + " hex(randomblob(60)), i % 2 FROM n",
    "DELETE FROM child WHERE id > 4990",
    SERIES + "INSERT INTO word SELECT 'word ' || i, i FROM n",
    SERIES
        + "INSERT INTO net SELECT i, '10.0.' || (i / 256) || '.' || (i % 256),"
        + " '{\"b\": ' || i || ', \"a\": [1, null]}' FROM n",
  };

  static final String[] TARGET = {
    "CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL)",
    "CREATE UNIQUE INDEX parent_name ON parent (lower(name))",
    "CREATE TABLE child (id bigserial PRIMARY KEY, parent_id integer"
        + " CONSTRAINT theirs REFERENCES parent ON DELETE CASCADE, body text, flag boolean)",
    "COMMENT ON CONSTRAINT theirs ON child IS 'ours'",
    "CREATE INDEX child_parent ON child (parent_id) WHERE flag",
    "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS"
        + " $$BEGIN RAISE EXCEPTION 'fired'; END$$",
    "CREATE TRIGGER shout BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION shout()",
    "CREATE TABLE word (w text PRIMARY KEY, n integer)",
    "CREATE TABLE empty (id integer PRIMARY KEY)",
    "CREATE TABLE net (id integer PRIMARY KEY, at inet, doc jsonb)",
    "CREATE INDEX net_doc ON net USING gin (doc)",
  };

  private LargeSource() {}
}
