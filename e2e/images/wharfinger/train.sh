#!/bin/sh
# Moves a small database once and keeps what Java learned of it: which classes, how they hang
# together, and what is worth compiling. What runs in the image then starts sooner.
#
# usage: train.sh TARGET [PORT], as root where PostgreSQL 17 is, with /opt/java and /opt/wharfinger
# as they are in the image; PORT of loopback must be free
set -eu
target=$1 port=${2:-5432}
here=$(cd "$(dirname "$0")" && pwd)
server=/usr/lib/postgresql/17/bin
work=$(mktemp -d)
chmod 755 "$work"

as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }

install -d -o postgres "$work/server"
as_postgres "$server/initdb" --pgdata "$work/server/data" --username training --auth trust --encoding UTF8 --no-locale --no-sync > /dev/null
as_postgres "$server/pg_ctl" --pgdata "$work/server/data" --log "$work/server/log" --wait \
  --options "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c fsync=off" start > /dev/null ||
  { cat "$work/server/log" >&2; exit 1; }
trap 'as_postgres "$server/pg_ctl" --pgdata "$work/server/data" --mode immediate stop > /dev/null; rm -rf "$work"' EXIT

file=sqlite:///$work/notes.db
database=postgresql://training@127.0.0.1:$port/postgres

# Below 32 GB whatever this machine has: only then a reference has the size it has in a Job.
run() { /opt/java/bin/java -Xmx256m @/opt/wharfinger/java-options "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
command=dev.wharfinger.runner.RunnerMain

run "$command" init-sqlite --directory "$work" --database notes.db
run "$command" migrate-schema --locations "$here/training" --to "$file"
run "$command" migrate-schema --locations "$here/training" --to "$database"
run -XX:AOTCacheOutput="$work/learned.aot" "$command" transfer --from "$file" --to "$database" \
  --replace-target-rows --operation 00000000-0000-4000-8000-000000000000 --progress json --report "$work/report.json"
# Refuses to start where the cache is of no use.
run -XX:AOTMode=on -XX:AOTCache="$work/learned.aot" "$command" version
install -m 644 "$work/learned.aot" "$target"
