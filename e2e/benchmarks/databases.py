"""SQLite databases to move, made anew each time from a fixed seed, and what holds them on PostgreSQL."""

import random
import sqlite3
from dataclasses import dataclass, field


@dataclass
class Database:
    """path: the SQLite file; schema: SQL that makes the tables on PostgreSQL; tables: their names;
    bare: the same tables without a key or an index, for the raw copy."""

    name: str
    path: str
    schema: list[str]
    tables: list[str]
    rows: int
    bare: list[str] = field(default_factory=list)


COLUMNS = {
    "id": ("INTEGER PRIMARY KEY", "bigint PRIMARY KEY"),
    "n": ("INTEGER", "integer"),
    "code": ("VARCHAR(40)", "varchar(40)"),
    "words": ("TEXT", "text"),
    "ratio": ("REAL", "double precision"),
    "done": ("BOOLEAN", "boolean"),
    "created": ("TIMESTAMP", "timestamp"),
    "changed": ("TIMESTAMP", "timestamp"),
}


def columns(side):
    return ", ".join(f"{name} {types[side]}" for name, types in COLUMNS.items())


def rows(count, source, words=6):
    vocabulary = [f"word{n}" for n in range(500)] + ["größe", "naïve", "☕"]
    for n in range(1, count + 1):
        second = f"2026-{n % 12 + 1:02}-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:{n % 59:02}"
        yield (
            n, source.randrange(1 << 31), f"code-{n:08}", " ".join(source.choices(vocabulary, k=words)),
            source.random() * 1000, n % 2, f"{second}.{source.randrange(1000000):06}",
            None if n % 10 == 0 else f"{second}.000000",
        )


def fill(connection, table, count, source, words=6):
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows(count, source, words))


def open_file(path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def mixed(folder, count):
    path = f"{folder}/mixed.db"
    connection = open_file(path)
    connection.execute(f"CREATE TABLE mixed ({columns(0)})")
    fill(connection, "mixed", count, random.Random(1))
    connection.commit()
    connection.close()
    return Database("mixed", path, [f"CREATE TABLE mixed ({columns(1)})"], ["mixed"], count, [bare("mixed")])


def bare(table):
    return f"CREATE TABLE {table} ({columns(1).replace(' PRIMARY KEY', '')})"


def many_tables(folder, tables=65, count=108):
    """As a typical application: many tables, few rows."""
    path = f"{folder}/application.db"
    connection = open_file(path)
    source = random.Random(2)
    names = [f"t{n:02}" for n in range(tables)]
    for name in names:
        connection.execute(f"CREATE TABLE {name} ({columns(0)})")
        connection.execute(f"CREATE INDEX {name}_code ON {name} (code)")
        fill(connection, name, count, source)
    connection.commit()
    connection.close()
    schema = [f"CREATE TABLE {n} ({columns(1)}); CREATE INDEX {n}_code ON {n} (code)" for n in names]
    return Database("application", path, schema, names, tables * count, [bare(n) for n in names])


def large(folder, gigabytes):
    """One wide table with 4 indexes and 3 foreign keys, and its 3 parents."""
    path = f"{folder}/large.db"
    connection = open_file(path)
    source = random.Random(3)
    parents = ["p1", "p2", "p3"]
    for name in parents:
        connection.execute(f"CREATE TABLE {name} ({columns(0)})")
        fill(connection, name, 10_000, source)
    keys = ", ".join(f"{p} INTEGER REFERENCES {p} (id)" for p in parents)
    connection.execute(f"CREATE TABLE child ({columns(0)}, {keys})")
    count = gigabytes * 1_000_000
    marks = ", ".join("?" * (len(COLUMNS) + 3))
    connection.executemany(
        f"INSERT INTO child VALUES ({marks})",
        (row + (row[0] % 9999 + 1, row[0] % 997 + 1, row[0] % 77 + 1) for row in rows(count, source, 110)))
    for column in ("n", "code", "created", "p1"):
        connection.execute(f"CREATE INDEX child_{column} ON child ({column})")
    connection.commit()
    connection.close()
    schema = [f"CREATE TABLE {p} ({columns(1)})" for p in parents]
    schema.append(f"CREATE TABLE child ({columns(1)}, " + ", ".join(f"{p} bigint REFERENCES {p} (id)" for p in parents) + ")")
    schema += [f"CREATE INDEX child_{c} ON child ({c})" for c in ("n", "code", "created", "p1")]
    plain = [bare(p) for p in parents]
    plain.append(f"CREATE TABLE child ({columns(1).replace(' PRIMARY KEY', '')}, p1 bigint, p2 bigint, p3 bigint)")
    return Database("large", path, schema, [*parents, "child"], count + 30_000, plain)
