-- The tables of an application, as SQLite and PostgreSQL both understand them.
CREATE TABLE authors (
  id INTEGER PRIMARY KEY,
  name VARCHAR(40) NOT NULL
);
CREATE TABLE notes_01 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_01_title ON notes_01 (title);
CREATE TABLE notes_02 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_02_title ON notes_02 (title);
CREATE TABLE notes_03 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_03_title ON notes_03 (title);
CREATE TABLE notes_04 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_04_title ON notes_04 (title);
CREATE TABLE notes_05 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_05_title ON notes_05 (title);
CREATE TABLE notes_06 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_06_title ON notes_06 (title);
CREATE TABLE notes_07 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_07_title ON notes_07 (title);
CREATE TABLE notes_08 (
  id INTEGER PRIMARY KEY,
  author INTEGER REFERENCES authors (id),
  title VARCHAR(80) NOT NULL,
  words TEXT,
  ratio DOUBLE PRECISION,
  price NUMERIC(10, 2),
  done BOOLEAN NOT NULL,
  created TIMESTAMP,
  day DATE
);
CREATE INDEX notes_08_title ON notes_08 (title);
