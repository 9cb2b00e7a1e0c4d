package dev.wharfinger.runner.transfer.codec;

/** Storage class of one SQLite value; what a column declares says little about it. */
public enum Storage {
  NULL,
  INTEGER,
  REAL,
  TEXT,
  BLOB
}
