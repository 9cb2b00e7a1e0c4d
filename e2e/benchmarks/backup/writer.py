"""An application that commits a row at a steady pace, and remembers how long each commit took."""

import sqlite3
import threading
import time

PACE = 0.005


class Writer:
    """Writes into a table of its own, from when it is entered until it is left. seconds: one figure a commit."""

    def __init__(self, path):
        self.path, self.seconds, self.stopping = path, [], threading.Event()
        self.thread = threading.Thread(target=self.write)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def write(self):
        connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        connection.execute("CREATE TABLE IF NOT EXISTS written (id INTEGER PRIMARY KEY, words TEXT)")
        due = time.monotonic()
        while not self.stopping.is_set():
            begun = time.monotonic()
            connection.execute("INSERT INTO written (words) VALUES ('a row of an application at work')")
            ended = time.monotonic()
            self.seconds.append(ended - begun)
            # One that is late is not followed by a rush that makes up for it.
            due = max(due + PACE, ended)
            self.stopping.wait(due - ended)
        connection.close()


def percentile(seconds, share):
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]
