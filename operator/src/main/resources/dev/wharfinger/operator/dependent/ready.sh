#!/bin/sh
# Ready once connections are accepted. On its way it has the server read settings that changed: the kubelet renews the
# mounted file, and nobody outside of the pod could tell the server. Once for each start of it and each content.
set -eu
umask 077
pg_isready --quiet --host=/var/run/postgresql "$@"
{
  read -r pid
  read -r directory
  read -r started
} <"$PGDATA/postmaster.pid"
now="$pid $started $(cat /etc/wharfinger/config/postgresql.conf)"
if [ "$now" != "$(cat /var/run/postgresql/settings-read 2>/dev/null)" ] &&
  pg_ctl reload --silent --pgdata="$PGDATA"; then
  printf '%s' "$now" >/var/run/postgresql/settings-read
fi
