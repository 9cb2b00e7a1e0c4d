"""Takes every way in turn, several times, and prints the medians and their ratios."""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import chart
import databases
from server import BINARIES, Server

from .writer import Writer, percentile


class Bench:
    """times: {way: [seconds]}; memory: {way: [MiB], the most of it that was resident}."""

    def __init__(self, options, server, folder):
        self.options, self.server, self.folder = options, server, Path(folder)
        self.times, self.memory, self.commits = {}, {}, {}
        self.sets = 0

    def note(self, way, seconds):
        self.times.setdefault(way, []).append(seconds)

    def median(self, way):
        return statistics.median(self.times[way])

    def fresh(self, name):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    def timed(self, way, *command):
        """Runs one program to its end, and notes what it took."""
        begun = time.monotonic()
        with open(self.folder / "output", "w+") as output:
            process = subprocess.Popen([str(word) for word in command], stdout=output, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.note(way, time.monotonic() - begun)
            self.memory.setdefault(way, []).append(used.ru_maxrss / 1024)
            if process.returncode:
                output.seek(0)
                raise SystemExit(f"{way} ended with {process.returncode}:\n{output.read()}")

    def wharfinger(self, way, *arguments):
        """As much memory as a Job of the operator gives it."""
        self.timed(way, self.options.java, "-Xmx614m", "-XX:+UseSerialGC", "-jar", self.options.jar, *arguments)

    def set(self, way, *arguments):
        """One set in an empty target; gives what says where it is."""
        target = self.fresh("target")
        self.sets += 1
        name = f"set-{self.sets}"
        self.wharfinger(way, "backup", *arguments, "--to", f"file://{target}", "--instance", "bench", "--id", name)
        size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
        print(f"  {way}: {size / 1e6:.0f} MB in the target", flush=True)
        return ["--from", f"file://{target}", "--set", name]

    def files(self, data):
        """An SQLite database that nobody writes to."""
        copy = self.fresh("copy")
        self.timed("SQLite: cp, and onto disk", "sh", "-c", f"cp {data}/large.db {copy}/ && sync {copy}/large.db")
        made = self.set("SQLite: backup", "--directory", data, "--database", "large.db", "--scratch", self.fresh("scratch"))
        self.wharfinger("SQLite: verify", "verify", *made, "--scratch", self.fresh("scratch"))
        self.wharfinger("SQLite: restore", "restore", *made, "--directory", self.fresh("copy"))

    def dumps(self):
        dump = self.fresh("copy") / "dump"
        url = self.server.url("dumped")
        self.timed("PostgreSQL: pg_dump -Fc, and onto disk", "sh", "-c", f"{BINARIES}/pg_dump -Fc -f {dump} {url} && sync {dump}")
        target = self.server.fresh("restored", [])
        self.timed("PostgreSQL: pg_restore", BINARIES / "pg_restore", "--exit-on-error", "--no-owner", "-d", self.server.url(target), dump)
        made = self.set("PostgreSQL: backup", "--from", url, "--programs", BINARIES)
        target = self.server.fresh("restored", [])
        self.wharfinger(
            "PostgreSQL: restore", "restore", *made, "--to", self.server.url(target), "--programs", BINARIES, "--no-owner")

    def beside(self, data):
        """How long the application's commits take while a set is made, and for as long without."""
        path = data / "large.db"
        with Writer(path) as busy:
            self.set(
                "SQLite: backup beside a writer", "--directory", data, "--database", "large.db", "--scratch", self.fresh("scratch"))
        with Writer(path) as calm:
            threading.Event().wait(self.times["SQLite: backup beside a writer"][-1])
        for name, writer in ("with", busy), ("without", calm):
            self.commits.setdefault(name, []).append(writer.seconds)

    def tell(self):
        for way, seconds in self.times.items():
            print(f"  {way:40} {statistics.median(seconds):8.2f} s   ({', '.join(f'{s:.2f}' for s in seconds)})"
                  f"   {max(self.memory[way]):5.0f} MiB at most")
        for part, raw in ("backup", "SQLite: cp, and onto disk"), ("verify", "SQLite: cp, and onto disk"), ("restore", "SQLite: cp, and onto disk"):
            print(f"  SQLite: {part + ' / cp':32} {self.median(f'SQLite: {part}') / self.median(raw):8.2f}")
        for part, raw in ("backup", "PostgreSQL: pg_dump -Fc, and onto disk"), ("restore", "PostgreSQL: pg_restore"):
            print(f"  PostgreSQL: {part + ' / ' + raw.split()[1].strip(','):28} {self.median(f'PostgreSQL: {part}') / self.median(raw):8.2f}")
        for share in 0.5, 0.99, 1:
            medians = {name: statistics.median(percentile(seconds, share) for seconds in rounds)
                       for name, rounds in self.commits.items()}
            print(f"  commits, p{share * 100:<3.0f} with a backup beside / without {medians['with'] / medians['without']:5.2f}"
                  f"   ({medians['with'] * 1000:.2f} and {medians['without'] * 1000:.2f} ms)")


def main():
    parser = argparse.ArgumentParser(prog="e2e/bench backup")
    parser.add_argument("--jar")
    parser.add_argument("--java")
    parser.add_argument("--out")
    parser.add_argument("--gigabytes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with Server() as server, tempfile.TemporaryDirectory(prefix="wharfinger-bench-") as folder:
        bench = Bench(options, server, folder)
        data = bench.fresh("data")
        print(f"making {options.gigabytes} GB", flush=True)
        database = databases.large(data, options.gigabytes)
        server.fresh("dumped", database.schema)
        subprocess.run(
            [options.java, "-jar", options.jar, "transfer", "--from", f"sqlite:///{database.path}", "--to", server.url("dumped")],
            check=True, capture_output=True)
        with sqlite3.connect(database.path) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        print(f"{options.rounds} rounds, {Path(database.path).stat().st_size / 1e6:.0f} MB", flush=True)
        for _ in range(options.rounds):
            bench.files(data)
            bench.beside(data)
            bench.dumps()
        bench.tell()
        out = Path(options.out)
        out.mkdir(parents=True, exist_ok=True)
        medians = {"backup": {way: statistics.median(seconds) for way, seconds in bench.times.items()}}
        (out / "backup.json").write_text(json.dumps(medians, indent=2) + "\n")
        (out / "backup.svg").write_text(chart.draw(medians))
        print(f"\nchart: {out / 'backup.svg'}, numbers: {out / 'backup.json'}")


main()
