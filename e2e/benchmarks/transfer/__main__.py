"""Takes every way in turn, several times, and prints the medians and their ratios."""

import argparse
import json
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import chart
import databases
from server import Server


class Bench:
    def __init__(self, options, server):
        self.options, self.server, self.times = options, server, {}
        self.java = []

    def note(self, database, way, seconds):
        self.times.setdefault(database.name, {}).setdefault(way, []).append(seconds)

    def median(self, database, way):
        return statistics.median(self.times[database.name][way])

    def round(self, database, dump, ways):
        for way in ways:
            getattr(self, way)(database, dump)

    def dump(self, database, folder):
        """Files as COPY reads them, made once from a database that the mover filled."""
        target = self.server.fresh("dump", database.schema)
        self.transfer(database, target)
        for table in database.tables:
            self.server.sql(target, f"\\copy {table} to '{folder}/{database.name}.{table}.copy'")
        return folder

    def raw_copy(self, database, folder):
        """The limit: ready files, no key, no index, nothing looked at."""
        target = self.server.fresh("raw", database.bare)
        copies = [f"\\copy {table} from '{folder}/{database.name}.{table}.copy'" for table in database.tables]
        begun = time.monotonic()
        self.server.sql(target, *copies)
        self.note(database, "raw \\copy", time.monotonic() - begun)

    def pgloader(self, database, folder):
        target = self.server.fresh("pgloader", database.schema)
        script = Path(folder) / "load"
        script.write_text(f"load database from sqlite://{database.path} into {self.server.url(target)} with data only, truncate;\n")
        begun = time.monotonic()
        try:
            self.server.run("pgloader", "--quiet", script)
        except SystemExit as error:
            print("  pgloader is left out, for it ended with an error: ..." + str(error).strip()[-300:])
            return
        self.note(database, "pgloader, wall", time.monotonic() - begun)
        arrived = sum(int(self.server.sql(target, f"SELECT count(*) FROM {t}")) for t in database.tables)
        if arrived != database.rows:
            print(f"  pgloader left rows behind: {arrived} of {database.rows}")

    def forward(self, database, _):
        target = self.server.fresh("forward", database.schema)
        busy, begun = self.cpu(), time.monotonic()
        report = self.transfer(database, target)
        self.note(database, "wharfinger, wall", time.monotonic() - begun)
        self.note(database, "wharfinger, its own CPU", self.cpu() - busy)
        for phase, millis in report["phaseMillis"].items():
            self.note(database, f"wharfinger, {phase}", millis / 1000)

    def backward(self, database, _):
        """Of what forward has just moved, into a file like the one it came from."""
        back = Path(database.path).with_suffix(".back")
        begun = time.monotonic()
        report = self.move(self.server.url("forward"), f"sqlite:///{back}", "--like", database.path)
        self.note(database, "back, wall", time.monotonic() - begun)
        for phase, millis in report["phaseMillis"].items():
            self.note(database, f"back, {phase}", millis / 1000)
        back.unlink()

    def plan(self, database, _):
        target = self.server.fresh("plan", database.schema)
        begun = time.monotonic()
        report = self.transfer(database, target, "--dry-run")
        self.note(database, "wharfinger, dry run, wall", time.monotonic() - begun)
        for phase, millis in report["phaseMillis"].items():
            self.note(database, f"wharfinger, dry run, {phase}", millis / 1000)

    @staticmethod
    def cpu():
        """What programs that have ended used, which says something on a busy machine too."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def nothing(self, database, _):
        begun = time.monotonic()
        subprocess.run([*self.command(), "help"], capture_output=True, check=True)
        self.note(database, "start of the JVM", time.monotonic() - begun)

    def learn(self, database, cache):
        """As for the image: Java keeps what it learns of one small move."""
        target = self.server.fresh("learn", database.schema)
        self.java = [f"-XX:AOTCacheOutput={cache}"]
        self.transfer(database, target)
        self.java = [f"-XX:AOTCache={cache}"]
        Path(database.path).unlink()

    def command(self):
        return [self.options.java, f"-Xmx{self.options.heap}", "-XX:+UseSerialGC", "-Xlog:aot*=off", *self.java, "-jar", self.options.jar]

    def transfer(self, database, target, *more):
        return self.move(f"sqlite:///{database.path}", self.server.url(target), *more)

    def move(self, source, target, *more):
        file = Path(tempfile.gettempdir()) / f"wharfinger-bench-{self.server.port}.json"
        result = subprocess.run(
            [*self.command(), "transfer", "--from", source, "--to", target, "--report", str(file), *more],
            capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"transfer ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        report = json.loads(file.read_text())
        file.unlink()
        return report

    def tell(self, database):
        times = self.times[database.name]
        size = Path(database.path).stat().st_size / 1e6
        print(f"\n{database.name}: {database.rows} rows in {len(database.tables)} tables, {size:.0f} MB")
        for way, seconds in times.items():
            print(f"  {way:32} {statistics.median(seconds):8.2f} s   ({', '.join(f'{s:.2f}' for s in seconds)})")
        copying = self.median(database, "wharfinger, copying")
        ratios = {
            "copy phase, of raw \\copy's speed": self.median(database, "raw \\copy") / copying,
            "planning / copying": self.median(database, "wharfinger, planning") / copying,
            "dry run, all / copying": sum(
                self.median(database, way) for way in times if way.startswith("wharfinger, dry run, ") and "wall" not in way) / copying,
            "verifying / copying": self.median(database, "wharfinger, verifying") / copying,
            "beyond the start of the JVM, s": self.median(database, "wharfinger, wall") - self.median(database, "start of the JVM"),
        }
        if "back, wall" in times:
            ratios["back / forward, wall"] = self.median(database, "back, wall") / self.median(database, "wharfinger, wall")
        if "pgloader, wall" in times:
            ratios["times as fast as pgloader, wall"] = self.median(database, "pgloader, wall") / self.median(database, "wharfinger, wall")
        for what, ratio in ratios.items():
            print(f"  {what:34} {ratio:6.2f}")


def main():
    parser = argparse.ArgumentParser(prog="e2e/bench transfer")
    parser.add_argument("--jar")
    parser.add_argument("--java")
    parser.add_argument("--out")
    parser.add_argument("--heap", default="256m")
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gigabytes", type=int, default=0)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    ways = ["nothing", "raw_copy", "pgloader", "forward", "backward", "plan"]
    with Server() as server, tempfile.TemporaryDirectory(prefix="wharfinger-bench-") as folder:
        bench = Bench(options, server)
        if not options.cold:
            bench.learn(databases.many_tables(folder), f"{folder}/learned.aot")
        measured = []
        for make, rounds in [
            (lambda: databases.mixed(folder, options.rows), options.rounds),
            (lambda: databases.many_tables(folder), options.rounds),
            *([(lambda: databases.large(folder, options.gigabytes), 1)] if options.gigabytes else []),
        ]:
            database = make()
            print(f"{database.name}: {rounds} rounds of {', '.join(ways)}", flush=True)
            dump = bench.dump(database, folder)
            for _ in range(rounds):
                bench.round(database, dump, ways)
            bench.tell(database)
            measured.append(database.name)
        out = Path(options.out)
        out.mkdir(parents=True, exist_ok=True)
        medians = {name: {way: statistics.median(s) for way, s in bench.times[name].items()} for name in measured}
        (out / "transfer.json").write_text(json.dumps(medians, indent=2) + "\n")
        (out / "transfer.svg").write_text(chart.draw(medians))
        print(f"\nchart: {out / 'transfer.svg'}, numbers: {out / 'transfer.json'}")


main()
