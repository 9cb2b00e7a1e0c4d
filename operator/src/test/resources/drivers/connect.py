"""Opens a URL with a driver and says whether the connection has TLS: connect.py psycopg|asyncpg URL

What else the driver is told stands in its environment. All host names are those of this machine's loopback.
"""
import asyncio
import socket
import sys

QUESTION = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
resolve = socket.getaddrinfo


def loopback(host, *rest, **named):
    return resolve("127.0.0.1", *rest, **named)


def with_psycopg(url):
    import psycopg

    # libpq looks names up by itself; PGHOSTADDR keeps it from that.
    with psycopg.connect(url, connect_timeout=20) as connection:
        return connection.execute(QUESTION).fetchone()[0]


async def with_asyncpg(url):
    import asyncpg

    connection = await asyncpg.connect(url, timeout=20)
    try:
        return await connection.fetchval(QUESTION)
    finally:
        await connection.close()


driver, url = sys.argv[1:]
socket.getaddrinfo = loopback
try:
    print("TLS:", with_psycopg(url) if driver == "psycopg" else asyncio.run(with_asyncpg(url)))
except Exception as refusal:
    print(f"{type(refusal).__name__}: {refusal}")
    sys.exit(3)
