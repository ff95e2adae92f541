#!/bin/sh
# agentnet @VERSION@ for @TARGET@, portable: this script, then a tar.gz with
# the Deno runtime and the bundled program. The first start unpacks it once;
# every start runs it with the least rights that the command needs.
set -eu
umask 077

hash=@HASH@
bytes=@BYTES@
only_relay='@ONLY_RELAY@'

fail() {
  echo "agentnet: $1" >&2
  exit 1
}

data_dir=${AGENTNET_DATA_DIR:-${HOME:-}/.agentnet}
relay=${AGENTNET_RELAY:-$only_relay}
api=${AGENTNET_API:-127.0.0.1:9900}
command=${1:-}
expect=
for word in "$@"; do
  case $expect in
  data) data_dir=$word ;;
  relay) relay=$word ;;
  api) api=$word ;;
  esac
  expect=
  case $word in
  --) break ;;
  --data-dir) expect=data ;;
  --data-dir=*) data_dir=${word#*=} ;;
  --relay) expect=relay ;;
  --relay=*) relay=${word#*=} ;;
  --api) expect=api ;;
  --api=*) api=${word#*=} ;;
  esac
done

# A folder that is ours alone: no link, our own, closed to others.
is_ours() {
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] || return 1
  case $(ls -ld "$1") in drwx------*) return 0 ;; *) return 1 ;; esac
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
  else fail "no sha256sum, shasum or openssl here to check this file with; install one of them"
  fi
}

# Unpacks into a folder of its own name and moves that into place, so that
# two at once or a kill half-way leave a whole one or none.
unpack() {
  mkdir -p "$1" 2>/dev/null && is_ours "$1" || return 1
  part=$1/.part-$hash-$$
  rm -rf "$part"
  mkdir "$part" 2>/dev/null || return 1
  trap 'rm -rf "$part"' EXIT
  trap 'exit 1' HUP INT TERM
  tail -c "$bytes" "$self" >"$part/payload" || fail "can't read $self"
  found=$(sha256 <"$part/payload")
  [ "${found%% *}" = "$hash" ] || fail "this file is damaged: its hash is not $hash; copy it here again"
  gzip -dc "$part/payload" | (cd "$part" && tar -xf -) || fail "can't unpack into $1; check the space left"
  rm -f "$part/payload"
  if ! mv "$part" "$1/$hash" 2>/dev/null; then
    is_ours "$1/$hash" || return 1
  fi
  # Another start was faster, and mv went into its folder.
  rm -rf "$part" "$1/$hash/${part##*/}"
  trap - EXIT HUP INT TERM
}

self=$0
[ -f "$self" ] || self=$(command -v -- "$0") || fail "can't find this file; call it by its path"

cache=${XDG_CACHE_HOME:-}
case $cache in /*) ;; *) cache=${HOME:-}/.cache ;; esac
where=
for base in "$cache/agentnet" "$data_dir/run"; do
  case $base in /*) ;; *) base=$PWD/$base ;; esac
  if is_ours "$base" && is_ours "$base/$hash"; then
    where=$base/$hash
    break
  fi
done
if [ -z "$where" ]; then
  for base in "$cache/agentnet" "$data_dir/run"; do
    case $base in /*) ;; *) base=$PWD/$base ;; esac
    if unpack "$base"; then
      where=$base/$hash
      break
    fi
  done
fi
[ -n "$where" ] || fail "neither $cache/agentnet nor $data_dir/run can be written; set XDG_CACHE_HOME to a folder of your own"

# host:port of a ws:// or wss:// address; empty for anything else.
net_of() {
  case $1 in
  wss://*) rest=${1#wss://} port=443 ;;
  ws://*) rest=${1#ws://} port=80 ;;
  http://*) rest=${1#http://} port=80 ;;
  https://*) rest=${1#https://} port=443 ;;
  *) return 0 ;;
  esac
  rest=${rest%%[/?#]*}
  case $rest in *@* | *,* | *[[:space:]]* | '') return 0 ;; esac
  case $rest in
  *]:* | *[!]]:*) printf '%s' "$rest" ;;
  *) printf '%s:%s' "$rest" "$port" ;;
  esac
}

loopback='127.0.0.1,localhost,[::1]'
case $command in
daemon)
  case $api in *,* | *[[:space:]]* | '') api=127.0.0.1:9900 ;; esac
  net=$api,$(net_of "$relay"),$(net_of "${AGENTNET_PROXY:-}")
  ;;
relay | doctor | bench) net=any ;;
*) net=$loopback ;;
esac
[ -z "$only_relay" ] || [ "$net" != any ] || net=$loopback,$(net_of "$only_relay")
case $net in
any) net=--allow-net ;;
*)
  while case $net in *,) true ;; *) false ;; esac do net=${net%,}; done
  net=--allow-net=$(printf '%s' "$net" | sed 's/,,*/,/g')
  ;;
esac

DENO_DIR=$where/cache
DENO_NO_UPDATE_CHECK=1
export DENO_DIR DENO_NO_UPDATE_CHECK
exec "$where/deno" run --quiet --no-config --no-lock --no-remote --no-npm \
  --unstable-worker-options --no-prompt "$net" --allow-read --allow-write \
  --allow-env=@ENV@ --allow-sys=hostname \
  --deny-run --deny-ffi --deny-import "$where/main.js" "$@"
exit 1
