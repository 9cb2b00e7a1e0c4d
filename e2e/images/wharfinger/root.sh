#!/bin/sh
# Collects the root of the operator's image from the Debian system this runs in: the PostgreSQL
# client, the libraries it and Java need, certificates and time zones. No shell, no package manager.
#
# usage: root.sh TARGET, where Debian 13 has the packages named in packages.txt beside this file
set -eu
target=$1
client=/usr/lib/postgresql/17/bin # the newest client dumps every older major
libraries=/usr/lib/$(uname -m)-linux-gnu

# Libraries by the names they are loaded under, so that no link needs copying. "usr" comes first
# because /lib and /lib64 are links themselves.
needed() {
  ldd "$@" | sed -n -e 's|.*=> \(/[^ ]*\) (.*|\1|p' -e 's|^[[:space:]]*\(/lib[^ ]*\) (.*|\1|p' | sed 's|^/lib|/usr/lib|' | sort -u
}

mkdir -p "$target"
programs="$client/pg_dump $client/pg_restore $client/psql"
# The C library loads its own parts at run time: no program lists them all.
loaded="libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2 libstdc++.so.6 libgcc_s.so.1 libz.so.1"
files=$(needed $programs)
for name in $loaded; do
  files="$files $libraries/$name"
done
cp --dereference --parents --preserve=mode $programs $files /etc/ssl/certs/ca-certificates.crt /etc/os-release "$target"
cp --archive --parents /usr/share/zoneinfo "$target"

ln -s usr/lib "$target/lib"
if [ -d "$target/usr/lib64" ]; then
  ln -s usr/lib64 "$target/lib64"
fi
mkdir "$target/proc" "$target/sys" "$target/dev" "$target/run" "$target/var" "$target/opt"
mkdir --mode=1777 "$target/tmp"
cat > "$target/etc/passwd" <<EOF
root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin
EOF
cat > "$target/etc/group" <<EOF
root:x:0:
nogroup:x:65534:
nonroot:x:65532:
EOF
cat > "$target/etc/nsswitch.conf" <<EOF
passwd: files
group: files
hosts: files dns
EOF

# The licences of what was copied; the certificates are in no package's list, being merged at installation.
owners=$(dpkg-query --search $programs $files | sed 's/:.*//' | sort -u)
for package in $owners ca-certificates tzdata; do
  cp --dereference --parents "/usr/share/doc/$package/copyright" "$target"
done
