"""A consumer that keeps books about its own database.

run:   appends rows (client, seq, hash, pod), and writes into a file of its own, synced, what it is
       about to store and what the database said it had stored.
check: prints as JSON how the books and the database differ.
"""

import hashlib
import json
import os
import sqlite3
import sys
import threading
import time

CLIENTS = 3
BOOKS = "/books"
TABLE = """CREATE TABLE IF NOT EXISTS ledger (
    place {place}, client INTEGER NOT NULL, seq BIGINT NOT NULL, hash VARCHAR(64) NOT NULL,
    pod VARCHAR(100) NOT NULL, UNIQUE (client, seq))"""


def connect():
    """Where the binding points; a connection, the form of a placeholder, the type of the key."""
    if os.environ["type"] == "sqlite":
        connection = sqlite3.connect(os.environ["path"], timeout=1)
        connection.execute("PRAGMA synchronous = FULL")
        return connection, "?", "INTEGER PRIMARY KEY AUTOINCREMENT"
    import psycopg2

    return psycopg2.connect(os.environ["uri"], connect_timeout=3), "%s", "BIGSERIAL PRIMARY KEY"


def payload(client, seq):
    return hashlib.sha256(f"{client}/{seq}".encode()).hexdigest()


def read_books(client):
    """The numbers this client was about to store, and those it was told are stored, with the times."""
    begun, kept = [], []
    try:
        with open(f"{BOOKS}/{client}") as book:
            for line in book:
                # The last line may be half written.
                words = line.split()
                if line.endswith("\n") and len(words) == 3:
                    (begun if words[0] == "begun" else kept).append((int(words[1]), float(words[2])))
    except FileNotFoundError:
        pass
    return begun, kept


def note(book, word, seq):
    book.write(f"{word} {seq} {time.time():.3f}\n")
    book.flush()
    os.fsync(book.fileno())


def append(client):
    begun, _ = read_books(client)
    seq = begun[-1][0] if begun else 0
    connection = None
    with open(f"{BOOKS}/{client}", "a") as book:
        # Ends a line that was half written.
        book.write("\n")
        while True:
            seq += 1
            note(book, "begun", seq)
            try:
                if connection is None:
                    connection, mark, _ = connect()
                cursor = connection.cursor()
                cursor.execute(
                    "INSERT INTO ledger (client, seq, hash, pod) VALUES (?, ?, ?, ?)".replace("?", mark),
                    (client, seq, payload(client, seq), os.environ["HOSTNAME"]),
                )
                connection.commit()
                note(book, "kept", seq)
            except Exception as e:
                print(f"client {client}: {seq} is not kept: {e}", flush=True)
                try:
                    connection.close()
                except Exception:
                    pass
                connection = None
                time.sleep(0.2)
            time.sleep(0.03)


def run():
    while True:
        try:
            connection, _, place = connect()
            connection.cursor().execute(TABLE.format(place=place))
            connection.commit()
            connection.close()
            break
        except Exception as e:
            print(f"not yet: {e}", flush=True)
            time.sleep(0.5)
    threads = [threading.Thread(target=append, args=(c,)) for c in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def check():
    connection, _, _ = connect()
    cursor = connection.cursor()
    problems, stored_rows, kept_rows, in_flight, times = [], 0, 0, 0, []
    # What is kept while this reads is not missing: the books first, and the rows after them.
    for client in range(CLIENTS):
        begun, kept = read_books(client)
        cursor.execute(f"SELECT seq, hash, pod FROM ledger WHERE client = {client} ORDER BY place")
        rows = cursor.fetchall()
        begun_later, _ = read_books(client)
        stored = [seq for seq, _, _ in rows]
        promised = {seq for seq, _ in kept}
        missing = sorted(promised - set(stored))
        unknown = sorted(set(stored) - {seq for seq, _ in begun_later})
        if missing:
            problems.append(f"client {client}: acknowledged and not stored: {missing[:10]}")
        if unknown:
            problems.append(f"client {client}: stored and never sent: {unknown[:10]}")
        if len(stored) != len(set(stored)):
            problems.append(f"client {client}: stored twice")
        # A pod that was deleted by force goes on for a moment beside the next one.
        for pod in {pod for _, _, pod in rows}:
            own = [seq for seq, _, of in rows if of == pod]
            if own != sorted(own):
                problems.append(f"client {client}: stored out of order by {pod}")
        if any(digest != payload(client, seq) for seq, digest, _ in rows):
            problems.append(f"client {client}: other contents than were sent")
        stored_rows += len(stored)
        kept_rows += len(promised)
        in_flight += len({seq for seq, _ in begun} - promised)
        times += [at for _, at in kept]
    times.sort()
    if os.environ["type"] != "sqlite" and os.path.exists("/data/ledger.db"):
        file = sqlite3.connect("file:/data/ledger.db?mode=ro", uri=True)
        left = file.execute("SELECT client, seq FROM ledger").fetchall()
        cursor.execute("SELECT client, seq FROM ledger")
        late = set(left) - {tuple(row) for row in cursor.fetchall()}
        if late:
            problems.append(f"written to the file after the fence: {sorted(late)[:10]}")
        if file.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            problems.append("the old file is damaged")
    if os.environ["type"] == "sqlite" and cursor.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        problems.append("the file is damaged")
    gaps = [b - a for a, b in zip(times, times[1:])] or [0]
    print(json.dumps({"type": os.environ["type"], "kept": kept_rows, "stored": stored_rows, "inFlight": in_flight,
                      "longestGap": round(max(gaps), 1), "problems": problems}))


{"run": run, "check": check}[sys.argv[1]]()
