#!/bin/sh
# Ready once connections are accepted. On its way it has the server read settings, rules and a certificate that changed:
# the kubelet renews the mounted files, and nobody outside of the pod could tell the server. Once for each start of it and
# each content.
set -eu
umask 077
pg_isready --quiet --host=/var/run/postgresql "$@"
{
  read -r pid
  read -r directory
  read -r started
} <"$PGDATA/postmaster.pid"
now="$pid $started $(cat /etc/wharfinger/config/postgresql.conf /etc/wharfinger/config/pg_hba.conf)"
if [ -r /etc/wharfinger/tls/tls.crt ]; then
  now="$now $(cat /etc/wharfinger/tls/tls.crt)"
fi
if [ "$now" != "$(cat /var/run/postgresql/settings-read 2>/dev/null)" ] &&
  pg_ctl reload --silent --pgdata="$PGDATA"; then
  printf '%s' "$now" >/var/run/postgresql/settings-read
fi
