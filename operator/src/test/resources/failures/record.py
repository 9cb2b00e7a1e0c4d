"""Makes real tools fail, and writes their last words into recorded.json beside this file.

Needs PostgreSQL's programs of Debian and: pip install alembic django psycopg psycopg-binary psycopg2-binary asyncpg aiosqlite greenlet.
Run it as root (the server runs as the user nobody) when a case is added or a tool has learnt other words.
"""

import json
import os
import pathlib
import pwd
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
POSTGRESQL = pathlib.Path("/usr/lib/postgresql/15/bin")
PASSWORD = "s3cr3t@hush"
ENCODED = "s3cr3t%40hush"

ENV_PY = """
import os
from alembic import context
from sqlalchemy import create_engine, pool
engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = """
from alembic import op
import sqlalchemy as sa
revision = {revision!r}
down_revision = {down!r}
branch_labels = None
depends_on = None
def upgrade():
    {upgrade}
def downgrade():
    pass
"""


class Server:
    """A PostgreSQL server on loopback that asks everybody but its superuser for a password."""

    def __init__(self, work):
        self.work = work
        self.data = work / "data"
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync")
        hba = "local all all trust\nhost refused all 127.0.0.1/32 reject\nhost nobody all 127.0.0.1/32 reject\n"
        hba += "host postgres,app,empty app,limited 127.0.0.1/32 scram-sha-256\nhost gone,app,nowhere all 127.0.0.1/32 scram-sha-256\n"
        (self.data / "pg_hba.conf").write_text(hba)
        options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={work} -c fsync=off -c max_connections=20"
        self.run("pg_ctl", "-D", self.data, "-w", "-l", work / "log", "-o", options, "start")
        for statement in (
            f"CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE ROLE limited LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 0",
            "CREATE DATABASE app OWNER app",
            "CREATE DATABASE empty OWNER postgres",
        ):
            self.run("psql", "-h", work, "-p", str(self.port), "-U", "postgres", "-c", statement)

    def run(self, program, *arguments):
        command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", POSTGRESQL / program, *arguments]
        subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def url(self, driver="postgresql+psycopg", user="app", password=ENCODED, database="app", port=None, query=""):
        return f"{driver}://{user}:{password}@127.0.0.1:{port or self.port}/{database}{query}"

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


def alembic(work, url, revisions, command=("upgrade", "head"), env=ENV_PY):
    """Runs Alembic over revisions, each (id, id before or None, statement)."""
    project = pathlib.Path(tempfile.mkdtemp(dir=work))
    (project / "migrations" / "versions").mkdir(parents=True)
    (project / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (project / "migrations" / "env.py").write_text(env)
    for revision, down, upgrade in revisions:
        text = REVISION.format(revision=revision, down=down, upgrade=upgrade)
        (project / "migrations" / "versions" / f"{revision}.py").write_text(text)
    return words([sys.executable, "-m", "alembic", *command], project, {"DATABASE_URL": url} if url else {})


def django(work, engine):
    project = pathlib.Path(tempfile.mkdtemp(dir=work))
    (project / "settings.py").write_text(
        f"SECRET_KEY='x'\nINSTALLED_APPS=['django.contrib.contenttypes','django.contrib.auth']\nDATABASES={{'default':{engine!r}}}\n"
    )
    return words([sys.executable, "-m", "django", "migrate", "--settings", "settings"], project, {"PYTHONPATH": str(project)})


def words(command, directory, environment):
    """What the kubelet would keep of it: the last 80 lines, 2048 bytes at most."""
    done = subprocess.run(
        command, cwd=directory, env={"PATH": os.environ["PATH"], "HOME": str(directory), **environment}, text=True, capture_output=True
    )
    if done.returncode == 0:
        sys.exit(f"{command} did not fail: {done.stdout}{done.stderr}")
    text = "\n".join((done.stdout + done.stderr).splitlines()[-80:])
    return text.encode()[-2048:].decode(errors="replace")


TABLE = ("a1", None, "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))")


def failures(work, server):
    """Every case with the reason that is wanted for it."""
    pg = server.url()
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        closed = s.getsockname()[1]
    yield "AuthenticationFailed", "alembic, psycopg", alembic(work, server.url(password="wrong"), [TABLE])
    yield "AuthenticationFailed", "alembic, psycopg2", alembic(work, server.url("postgresql+psycopg2", password="wrong"), [TABLE])
    yield "NotInPgHba", "psycopg", alembic(work, server.url(database="elsewhere", user="stranger"), [TABLE])
    yield "ConnectionRefused", "alembic, psycopg", alembic(work, server.url(port=closed), [TABLE])
    yield "HostNotFound", "alembic, psycopg", alembic(work, f"postgresql+psycopg://app:{ENCODED}@no-such-host.invalid/app", [TABLE])
    yield "HostNotFound", "alembic, psycopg2", alembic(work, f"postgresql+psycopg2://app:{ENCODED}@no-such-host.invalid/app", [TABLE])
    yield "DatabaseMissing", "alembic, psycopg", alembic(work, server.url(database="gone"), [TABLE])
    yield "TooManyConnections", "alembic, psycopg", alembic(work, server.url(user="limited"), [TABLE])
    yield "PermissionDenied", "alembic, schema public", alembic(work, server.url(database="empty"), [TABLE])
    yield "TlsFailed", "alembic, psycopg", alembic(work, server.url(query="?sslmode=require"), [TABLE])
    yield "TlsFailed", "alembic, no such CA", alembic(work, server.url(query="?sslmode=verify-full&sslrootcert=/nowhere/ca.crt"), [TABLE])
    yield "AuthenticationFailed", "asyncpg", asyncpg(work, server.url("postgresql+asyncpg", password="wrong"))
    yield "DatabaseMissing", "asyncpg", asyncpg(work, server.url("postgresql+asyncpg", database="gone"))
    yield "ConnectionRefused", "asyncpg", asyncpg(work, server.url("postgresql+asyncpg", port=closed))
    yield "TlsFailed", "asyncpg", asyncpg(work, server.url("postgresql+asyncpg", query="?ssl=require"))
    yield "UrlParameterUnsupported", "asyncpg", asyncpg(work, server.url("postgresql+asyncpg", query="?sslmode=require"))
    yield "UrlParameterUnsupported", "psycopg", alembic(work, server.url(query="?pool_size=5"), [TABLE])
    unreadable = f"import psycopg; psycopg.connect('postgresql://app:hu%zz@127.0.0.1:{server.port}/app')"
    yield "UrlMalformed", "psycopg, a password that is not encoded", words([sys.executable, "-c", unreadable], work, {})
    hidden = f"import sqlalchemy; sqlalchemy.create_engine('postgresql+psycopg://app:hush@127.0.0.1:x/app')"
    yield "UrlMalformed", "SQLAlchemy, no number for a port", words([sys.executable, "-c", hidden], work, {})
    yield "DriverMissing", "a scheme without a driver", alembic(work, server.url("postgresql+pg8000"), [TABLE])
    yield "DriverMissing", "a scheme nobody knows", alembic(work, server.url("postgres"), [TABLE])
    yield "BindingMissing", "a variable that is not set", alembic(work, None, [TABLE])
    yield "MultipleHeads", "alembic", alembic(work, pg, [TABLE, ("b1", "a1", "pass"), ("b2", "a1", "pass")])
    yield "SchemaMigrationFailed", "another engine's SQL", alembic(work, pg, [("a1", None, "op.execute('PRAGMA foreign_keys=ON')")])
    alembic_ok(work, pg)
    yield "SchemaRevisionUnknown", "alembic", alembic(work, pg, [("z1", None, "pass")])
    yield "SchemaUnversioned", "alembic, PostgreSQL", unversioned(work, server)
    file = work / "locked.db"
    locked = sqlite3.connect(file, isolation_level=None)
    locked.execute("CREATE TABLE x (a)")
    locked.execute("BEGIN EXCLUSIVE")
    yield "DatabaseLocked", "alembic", alembic(work, f"sqlite:////{file}?timeout=0.1", [TABLE])
    locked.close()
    broken = work / "broken.db"
    broken.write_bytes(b"no database at all, " * 500)
    yield "IntegrityCheckFailed", "alembic", alembic(work, f"sqlite:////{broken}", [TABLE])
    yield "PathWrong", "alembic", alembic(work, "sqlite:////nowhere/at/all.db", [TABLE])
    full = work / "full"
    full.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(full)], check=True)
    try:
        filling = ("a1", None, "op.execute('CREATE TABLE t AS SELECT hex(zeroblob(100000)) AS a')")
        yield "DiskFull", "alembic, SQLite", alembic(work, f"sqlite:////{full}/x.db", [filling])
    finally:
        subprocess.run(["umount", str(full)], check=True)
    there = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": server.port, "NAME": "app", "USER": "app"}
    yield "AuthenticationFailed", "Django", django(work, {**there, "PASSWORD": "wrong"})
    yield "PathWrong", "Django", django(work, {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nowhere/at/all.db"})


def asyncpg(work, url):
    env = """
import asyncio, os
from sqlalchemy.ext.asyncio import create_async_engine
async def go():
    async with create_async_engine(os.environ["DATABASE_URL"]).connect():
        pass
asyncio.run(go())
"""
    return alembic(work, url, [TABLE], env=env)


def alembic_ok(work, url):
    try:
        alembic(work, url, [TABLE])
    except SystemExit:
        return
    sys.exit("the schema could not be made")


def unversioned(work, server):
    server.run("psql", "-h", server.work, "-p", str(server.port), "-U", "postgres", "-d", "app", "-c", "DROP TABLE alembic_version")
    return alembic(work, server.url(), [TABLE])


def anywhere(text, work):
    """The words without the paths of the machine that recorded them."""
    text = re.sub(re.escape(str(work)) + r"(/tmp\w+)?", "/project", text)
    for python in (sys.prefix, sys.base_prefix):
        text = text.replace(python, "/python")
    return text


def main():
    work = pathlib.Path(tempfile.mkdtemp(prefix="failures-"))
    shutil.chown(work, pwd.getpwnam("nobody").pw_uid)
    work.chmod(0o755)
    server = Server(work)
    try:
        recorded = [{"reason": r, "tool": t, "words": anywhere(w, work)} for r, t, w in failures(work, server)]
    finally:
        server.stop()
        shutil.rmtree(work)
    (HERE / "recorded.json").write_text(json.dumps(recorded, indent=2) + "\n")


main()
