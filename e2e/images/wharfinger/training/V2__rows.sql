-- Enough rows to be worth compiling for.
INSERT INTO authors (id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, 'author ' || i FROM n;
INSERT INTO notes_01 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_02 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_03 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_04 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_05 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_06 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_07 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
INSERT INTO notes_08 (id, author, title, words, ratio, price, done, created, day)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, i % 100 + 1, 'note ' || i, CASE WHEN i % 5 > 0 THEN 'größer als ' || i * 7 || ' Wörter' END,
  i / 7.0, i / 4.0, i % 2 = 0, '2026-03-29 01:59:59.123456', '2026-03-29' FROM n;
