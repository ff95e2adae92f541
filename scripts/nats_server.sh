#!/bin/sh
# Brings nats-server, which the tests of a cluster run, into a folder and prints
# its path. Debian's stable versions hold one that is too old (docs/operating-a-cluster.md):
# it is taken from newer ones, by apt's own check of signatures, over lists that
# are not the system's, and unpacked rather than installed: it is one static file.
#   scripts/nats_server.sh FOLDER
set -eu
folder=${1:?usage: scripts/nats_server.sh FOLDER}
mkdir -p "$folder/lists/partial" "$folder/archives/partial"
folder=$(CDPATH='' cd -P -- "$folder" && pwd -P)
server=$folder/unpacked/usr/sbin/nats-server
if [ -x "$server" ]; then echo "$server" && exit 0; fi

apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$folder/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o Dir::Cache::archives="$folder/archives" -o APT::Sandbox::User=root \
    -o Acquire::Languages=none "$@" >&2
}

key=/usr/share/keyrings/debian-archive-keyring.gpg
cd "$folder"
for suite in sid trixie; do
  echo "deb [signed-by=$key] http://deb.debian.org/debian $suite main" >sources.list
  if apt update && apt download nats-server; then break; fi
  echo "no nats-server from Debian $suite" >&2
done
dpkg-deb -x "$folder"/nats-server_*.deb "$folder/unpacked"
rm -rf "$folder"/nats-server_*.deb "$folder/lists" "$folder/archives"
echo "$server"
