# shellcheck shell=sh
# Which network a command gets, and how the engine compiles for it. Read by
# scripts/agentnet, and put into the head of a portable file
# (scripts/build/portable.ts), so that both grant the same. Where it is read,
# $only_net is the relay that the file was made for, host:port, or empty.
# shellcheck disable=SC2034 # its readers use what it sets

# What the choice depends on. A flag wins.
command=${1:-}
data_dir=${AGENTNET_DATA_DIR:-}
relay=${AGENTNET_RELAY:-}
identity=${AGENTNET_AS:-}
expect=
for word in "$@"; do
  case $expect in
  data) data_dir=$word ;;
  relay) relay=$word ;;
  as) identity=$word ;;
  esac
  expect=
  case $command$word in
  *--) break ;;
  *--data-dir | relay--data) expect=data ;;
  *--data-dir=* | relay--data=*) data_dir=${word#*=} ;;
  *--relay) expect=relay ;;
  *--relay=*) relay=${word#*=} ;;
  *--as) expect=as ;;
  *--as=*) identity=${word#*=} ;;
  esac
done
# Of an identity that can't be the program says so, before it touches anything.
case $identity in *[!a-z0-9-]* | ?????????????????????????????????*) identity= ;; esac
[ -n "$data_dir" ] || [ -z "${HOME:-}" ] || data_dir=$HOME/.agentnet${identity:+/as/$identity}

# What the data dir remembers (lib/agent_settings/settings_file.ts), where nothing else names a relay.
remembered_relay() {
  [ -z "$relay" ] && [ -n "$data_dir" ] && [ -f "$data_dir/relay.url" ] || return 0
  IFS= read -r relay <"$data_dir/relay.url" || relay=
}

# A folder that is ours alone: no link, our own, closed to others. What we run
# of a cache that others share lies in such a one.
is_ours() {
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] || return 1
  case $(ls -ld "$1") in drwx------*) return 0 ;; *) return 1 ;; esac
}

# A folder that nobody but us and root may have written into.
is_safe() {
  ls -ldn "$1" 2>/dev/null | {
    read -r mode _ uid _
    case $mode in d????-??-*) [ "$uid" = 0 ] || [ -O "$1" ] ;; *) false ;; esac
  }
}

# Takes away what the runtime trips over before the program's first line: a
# folder that was deleted, a home or a cache that is none, an .npmrc that can't
# be read, flags for its engine. $1: whether the runtime fetches packages, and so
# wants a good .npmrc; $2: a folder without one.
clear_way() {
  # The last would have the runtime tell others, wherever its own variables say.
  unset DENO_V8_FLAGS DENO_AUTH_TOKENS OTEL_DENO AGENTNET_HOME
  case ${PWD:-} in
  /*) [ -d "$PWD" ] || leave_folder ;;
  *) leave_folder ;;
  esac
  if [ -e "${XDG_CACHE_HOME:-/}" ] && [ ! -d "${XDG_CACHE_HOME:-/}" ]; then unset XDG_CACHE_HOME; fi
  # The runtime runs what it finds there.
  if [ -e "${XDG_CACHE_HOME:-/dev/null}/deno" ]; then is_safe "$XDG_CACHE_HOME/deno" || unset XDG_CACHE_HOME; fi
  if [ -e "${DENO_DIR:-/}" ] && [ ! -d "${DENO_DIR:-/}" ]; then unset DENO_DIR; fi
  [ -n "${HOME:-}" ] || return 0
  if [ ! -d "$HOME" ]; then
    keep_data
    unset HOME
  elif [ -e "$HOME/.npmrc" ] && { [ "$1" = no ] || [ ! -f "$HOME/.npmrc" ]; }; then
    keep_data
    export DENO_DIR="${DENO_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/deno}"
    export HOME="$2"
  fi
}

# No path but a whole one means anything there.
leave_folder() {
  case $data_dir in
  '' | /*) cd / ;;
  *)
    echo "agentnet: the working folder is gone; name the data dir by its whole path" >&2
    exit 2
    ;;
  esac
}

# Data stays where it would be with the HOME of before.
keep_data() {
  export AGENTNET_HOME="$HOME"
}

# Whether it is a port, written plainly.
is_port() {
  case $1 in '' | 0?* | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$1" -le 65535 ]
}

# host:port of a ws:// or wss:// address, or nothing. What is written in
# another way than it will be dialled is not narrowed here: the program
# narrows itself to the address that it read. Nor is what the runtime would
# refuse as a flag: the program has better words for it.
net_of() {
  net=
  case $1 in
  wss://*) host=${1#wss://} port=443 ;;
  ws://*) host=${1#ws://} port=80 ;;
  *) return 0 ;;
  esac
  host=${host%%[/?#]*}
  case $host in
  \[*\]:* | [!\[]*:*) port=${host##*:} host=${host%:*} ;;
  esac
  is_port "$port" || return 0
  case $host in
  \[*[!0-9a-f:]*\] | [!\[]*[!0-9a-z._-]* | '' | *. | .* | *..*) return 0 ;;
  *::*::* | *:::* | \[*:*:*:*:*:*:*:*:*\] | *[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*\]) return 0 ;;
  \[*::*\] | \[[!:]*:*:*:*:*:*:*:*[!:]\]) ;;
  \[*) return 0 ;;
  # An IPv4 address in another form than four numbers.
  0x* | *.0x*) return 0 ;;
  *[!0-9.]* | *.*.*.*) ;;
  *) return 0 ;;
  esac
  net=$host:$port
}

# A daemon gets all of loopback: where one of its data dir listens already, or
# where it may listen itself, is known later. It narrows itself once it is up.
choose_net() {
  loopback='127.0.0.0/8,localhost,[::1]'
  case $command in
  daemon | relay | doctor | bench) ;;
  *) net=--allow-net=$loopback && return ;;
  esac
  net=$only_net
  if [ -z "$net" ] && [ "$command" = daemon ]; then
    remembered_relay
    net_of "$relay"
  fi
  net=--allow-net${net:+=$net,$loopback}
}

# How many files a relay may open at once: the program itself can't read it. The
# runtime raises its limit to the hard one.
tell_limits() {
  [ "$command" = relay ] || return 0
  export AGENTNET_RELAY_OPEN_FILES="$(ulimit -Hn 2>/dev/null || ulimit -n 2>/dev/null || :)"
}

# The runtime puts /dev/null where standard output was closed, and an answer
# would count as shown. A program that goes on for days needs none.
check_stdout() {
  case $command in
  daemon) return 0 ;;
  relay) case " $* " in *" admin "* | *" backup "* | *" --help "* | *" -h "* | *" --print-limits "*) ;; *) return 0 ;; esac ;;
  esac
  { true 3>&1; } 2>/dev/null || {
    echo "agentnet: standard output is closed; what was not shown counts as unread" >&2
    exit 1
  }
}

# Whether every word is UTF-8 (RFC 3629, section 4): the runtime alters what is
# not, and the program can't tell. Plain ASCII costs nothing.
tell_arguments() {
  export AGENTNET_ARGUMENTS=utf-8
  case "$*" in *[!\ -~]*) ;; *) return 0 ;; esac
  printf '%s\n' "$@" | LC_ALL=C od -An -v -tx1 | LC_ALL=C awk '
    function digit(c) { return index("0123456789abcdef", c) - 1 }
    function follows(n, low, high) { need = n; lo = low; hi = high }
    { for (i = 1; i <= NF; i++) {
        b = 16 * digit(substr($i, 1, 1)) + digit(substr($i, 2, 1))
        if (need > 0) {
          if (b < lo || b > hi) exit bad = 1
          follows(need - 1, 128, 191)
        } else if (b < 128) continue
        else if (b < 194 || b > 244) exit bad = 1
        else if (b < 224) follows(1, 128, 191)
        else if (b < 240) follows(2, b == 224 ? 160 : 128, b == 237 ? 159 : 191)
        else follows(3, b == 240 ? 144 : 128, b == 244 ? 143 : 191)
    } }
    END { exit bad }' || AGENTNET_ARGUMENTS=other
}

# The engine's flags (scripts/v8_flags.ts): what has to be fast at once is
# compiled early, all else late.
choose_engine() {
  # A daemon's few threads share one arena of glibc's: a megabyte that rests otherwise.
  if [ "$command" = daemon ]; then
    export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
  fi
  engine=--optimize-for-size,--max-semi-space-size=2
  case $command in
  relay | bench) ;;
  *) engine=$engine,--wasm-tiering-budget=1000000000,--invocation-count-for-maglev=40000,--invocation-count-for-turbofan=300000,--invocation-count-for-osr=50000,--invocation-count-for-maglev-osr=10000 ;;
  esac
}
