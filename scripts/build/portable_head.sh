#!/bin/sh
# agentnet @VERSION@ for @TARGET@, portable: this script, then a tar.gz with
# the Deno runtime and the bundled program. The first start unpacks it once;
# every start runs it with the least rights that the command needs.
set -eu

hash=@HASH@
bytes=@BYTES@
# The relay that this file was made for, host:port; empty in a general file.
only_net='@ONLY_NET@'

fail() {
  echo "agentnet: $1" >&2
  exit 1
}

@SHARED@
# Where it may unpack: the cache, else the data dir. Absolute, or empty.
cache_base=
case ${XDG_CACHE_HOME:-} in
/*) cache_base=$XDG_CACHE_HOME/agentnet ;;
*) case ${HOME:-} in /*) cache_base=$HOME/.cache/agentnet ;; esac ;;
esac
case $data_dir in
'') data_base= ;;
/*) data_base=$data_dir/run ;;
*) data_base=$PWD/$data_dir/run ;;
esac

# Whether a base holds this very version, whole: folders get their name last.
holds() {
  [ -n "$1" ] && [ -d "$1/$hash" ] && is_ours "$1" "$1/$hash"
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256
  elif command -v openssl >/dev/null 2>&1; then
    openssl dgst -sha256 -r
  else
    fail "there is no sha256sum, shasum or openssl to check this file with; install one of them"
  fi
}

# Unpacks into a folder of its own name and moves that into place, so that
# two at once or a kill half-way leave a whole one or none.
unpack() {
  [ -n "$1" ] || return 1
  mkdir -p "$1" 2>/dev/null && is_ours "$1" || return 1
  [ ! -e "$1/$hash" ] && [ ! -L "$1/$hash" ] || return 1
  # What a kill left behind an hour ago or more.
  find "$1" -maxdepth 1 -name '.part-*' -mmin +60 -exec rm -rf {} + 2>/dev/null || :
  part=$1/.part-$hash-$$
  rm -rf "$part"
  mkdir "$part" 2>/dev/null || return 1
  trap 'rm -rf "$part"' EXIT
  trap 'exit 1' HUP INT TERM
  if fill "$part" && place "$part" "$1/$hash"; then code=0; else code=1; fi
  rm -rf "$part"
  trap - EXIT HUP INT TERM
  return $code
}

fill() {
  tail -c "$bytes" "$self" >"$1/payload" 2>/dev/null || return 1
  found=$(sha256 <"$1/payload") || exit 1
  [ "${found%% *}" = "$hash" ] ||
    fail "this file is damaged (its hash is not $hash); copy it here again"
  # -m: no folder's date of long ago, by which it would look left behind.
  gzip -dc "$1/payload" | (cd "$1" && tar -xmf -) 2>/dev/null || return 1
  rm -f "$1/payload"
  chmod 700 "$1"
}

place() {
  mv "$1" "$2" 2>/dev/null || :
  # Another start was faster, and mv went into its folder.
  rm -rf "$2/${1##*/}"
  is_ours "$2"
}

# Reads the program's files once in a process that ends: what the runtime
# notes of them spares a daemon 45 MB, which it would keep. Only where they
# stand for good, for it goes by their paths. A start without it works too.
warm() {
  DENO_DIR=$1/cache "$1/deno" cache --quiet --no-config --no-lock --no-remote \
    --no-npm "$1"/*.js >/dev/null 2>&1 </dev/null || :
}

find_or_unpack() {
  for base in "$cache_base" "$data_base"; do
    if holds "$base"; then return; fi
  done
  self=$0
  [ -f "$self" ] || self=$(command -v -- "$0") ||
    fail "can't find this file; call it by its path"
  mask=$(umask)
  umask 077
  for base in "$cache_base" "$data_base"; do
    # holds: another start was faster.
    if unpack "$base"; then
      warm "$base/$hash"
    elif ! holds "$base"; then
      continue
    fi
    umask "$mask"
    return
  done
  fail "can't unpack into '${cache_base:-no cache folder}' or '${data_base:-no data folder}': 100 MB in a folder of your own that no link leads to and others can't enter (0700) are needed; set XDG_CACHE_HOME to one"
}

check_stdout "$@"
clear_variables
find_or_unpack
clear_way
hide_npmrc /
# The runtime keeps compiled code beside the program.
export DENO_DIR="$base/$hash/cache"
brief_dir=$base/$hash/brief
deno=$base/$hash/deno program=$base/$hash
run_bundle "$@"
exit 1
