"""A PostgreSQL server of its own, on loopback, in a folder that goes with it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")


class Server:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="wharfinger-bench-")
        self.owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.owner:
            shutil.chown(self.folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = f"{self.folder}/data"
        self.run(*self.owner, BINARIES / "initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C")
        settings = {"listen_addresses": "127.0.0.1", "max_wal_size": "8GB", "shared_buffers": "512MB", "password_encryption": "md5"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [*self.owner, BINARIES / "postgres", "-D", data, "-p", str(self.port), "-k", self.folder, *options],
            stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/log", "w"), start_new_session=True)
        while subprocess.run([BINARIES / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if self.process.poll() is not None:
                raise SystemExit("PostgreSQL does not start:\n" + Path(f"{self.folder}/log").read_text())
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.run(*self.owner, BINARIES / "pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        self.process.wait()
        shutil.rmtree(self.folder)

    @staticmethod
    def run(*command):
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"{command} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def url(self, database):
        return f"postgresql://bench:bench@127.0.0.1:{self.port}/{database}"

    def sql(self, database, *statements):
        words = [word for statement in statements for word in ("-c", statement)]
        return self.run("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), *words)

    def fresh(self, name, schema):
        """An empty database with these tables, everything before it on disk."""
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        if schema:
            self.sql(name, *schema)
        self.sql("postgres", "CHECKPOINT")
        return name
