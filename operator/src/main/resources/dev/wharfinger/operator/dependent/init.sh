#!/bin/sh
# Makes the data directory once and checks it ever after. A directory that appears under its final name is complete:
# everything is built under another name, synced, and renamed last.
# Exit codes: 65 the data of a server that ran before is missing; 66 the volume belongs to another instance;
#             67 the data is of another major version.
set -eu
umask 077
volume=${PGDATA%/*}
want=$(cat /etc/wharfinger/credentials/data-id)

require_major() {
  major=$(cat "$1/PG_VERSION")
  if [ "$major" != "$PG_MAJOR_WANTED" ]; then
    echo "$2 PostgreSQL $major, the server is $PG_MAJOR_WANTED" >&2
    exit 67
  fi
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  have=$(cat "$volume/data-id" 2>/dev/null || echo none)
  if [ "$have" != "$want" ]; then
    echo "the volume holds the data of another instance (data-id $have, expected $want)" >&2
    exit 66
  fi
  require_major "$PGDATA" "the volume holds data of"
  exit 0
fi

if [ -s /etc/wharfinger/config/initialized ]; then
  echo "the volume is empty, but this server has run before: its data is missing" >&2
  exit 65
fi

rm -rf "$PGDATA.partial"
initdb --pgdata="$PGDATA.partial" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
  --auth-local=peer --auth-host=scram-sha-256 --data-checksums
require_major "$PGDATA.partial" "the image makes data of"
# Without exit_on_error a statement that fails would not be noticed.
postgres --single -D "$PGDATA.partial" -c log_statement=none -c exit_on_error=on postgres \
  </etc/wharfinger/credentials/bootstrap.sql >/dev/null
printf '%s' "$want" >"$volume/data-id.partial"
sync
mv "$volume/data-id.partial" "$volume/data-id"
mv "$PGDATA.partial" "$PGDATA"
sync
