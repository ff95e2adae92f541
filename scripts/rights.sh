# shellcheck shell=sh
# Which network a command gets, and how the engine compiles for it. Read by
# scripts/agentnet, and put into the head of a portable file
# (scripts/build/portable.ts), so that both grant the same. Where it is read,
# $only_net is the relay that the file was made for: host:port, several parted
# by commas, or empty.
# shellcheck disable=SC2034 # its readers use what it sets

# What the choice depends on. A flag wins.
command=${1:-}
data_dir=${AGENTNET_DATA_DIR:-}
relay=${AGENTNET_RELAY:-}
identity=${AGENTNET_AS:-}
listen=${AGENTNET_RELAY_LISTEN:-127.0.0.1:8080}
servers=${AGENTNET_RELAY_CLUSTER:-}
monitors=${AGENTNET_RELAY_CLUSTER_MONITOR:-}
expect=
for word in "$@"; do
  case $expect in
  data) data_dir=$word ;;
  relay) relay=$word ;;
  as) identity=$word ;;
  listen) listen=$word ;;
  servers) servers=$word ;;
  monitors) monitors=$word ;;
  esac
  expect=
  case $word in
  --) break ;;
  --data-dir | --dataDir) expect=data ;;
  --data-dir=* | --dataDir=*) data_dir=${word#*=} ;;
  --data) if [ "$command" = relay ]; then expect=data; fi ;;
  --data=*) if [ "$command" = relay ]; then data_dir=${word#*=}; fi ;;
  --relay) expect=relay ;;
  --relay=*) relay=${word#*=} ;;
  --as) expect=as ;;
  --as=*) identity=${word#*=} ;;
  --listen) expect=listen ;;
  --listen=*) listen=${word#*=} ;;
  --cluster) expect=servers ;;
  --cluster=*) servers=${word#*=} ;;
  --cluster-monitor | --clusterMonitor) expect=monitors ;;
  --cluster-monitor=* | --clusterMonitor=*) monitors=${word#*=} ;;
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

# Whether it is a port, written plainly.
is_port() {
  case $1 in '' | 0?* | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$1" -le 65535 ]
}

# host:port of the address of a relay, of a server of a cluster's log or of its
# monitoring port, or nothing. What is written in
# another way than it will be dialled is not narrowed here: the program
# narrows itself to the address that it read. Nor is what the runtime would
# refuse as a flag: the program has better words for it.
net_of() {
  net=
  case $1 in
  wss://*) host=${1#wss://} port=443 ;;
  ws://*) host=${1#ws://} port=80 ;;
  nats://* | tls://*) host=${1#*://} port=4222 ;;
  http://* | https://*) host=${1#*://} port=8222 ;;
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

# The same of each address, where several are parted by commas; nothing where
# one of them is not narrowed here.
nets_of() {
  left=$1 nets=
  while [ -n "$left" ]; do
    one=$left
    case $one in *,ws:*) one=${one%%,ws:*} ;; esac
    case $one in *,wss:*) one=${one%%,wss:*} ;; esac
    left=${left#"$one"} left=${left#,}
    net_of "$one"
    [ -n "$net" ] || return 0
    nets=$nets${nets:+,}$net
  done
  net=$nets
}

# Of a relay that is one of a cluster: where it listens, the log's servers and
# their monitoring ports; nothing where one of them is not narrowed here.
cluster_nets() {
  net_of "tls://$listen"
  [ -n "$net" ] || return 0
  left=$servers,$monitors, nets=$net
  while [ -n "$left" ]; do
    one=${left%%,*} left=${left#*,}
    [ -n "$one" ] || continue
    net_of "$one"
    [ -n "$net" ] || return 0
    nets=$nets,$net
  done
  net=$nets
}

# A daemon gets all of loopback: where one of its data dir listens already, or
# where it may listen itself, is known later. It narrows itself once it is up.
# So does mcp, which holds one where a relay is known.
choose_net() {
  loopback='127.0.0.0/8,localhost,[::1]'
  case $command in
  daemon | mcp | relay | doctor | bench) ;;
  *) net=--allow-net=$loopback && return ;;
  esac
  net=$only_net
  case $command$net in daemon | mcp)
    remembered_relay
    nets_of "$relay"
    ;;
  relay) [ -z "$servers" ] || cluster_nets ;;
  esac
  if [ "$command$net$relay" = mcp ]; then
    net=--allow-net=$loopback
  else
    net=--allow-net${net:+=$net,$loopback}
  fi
  allow_inbox
}

# The inbox of the session that started mcp (commands/session_inbox/): this one
# socket, where its path means nothing else in a list.
allow_inbox() {
  inbox=
  [ "$command" != mcp ] || inbox=${CLAUDE_CODE_MESSAGING_SOCKET:-}
  case $inbox in /*) ;; *) return 0 ;; esac
  case $inbox in *[!A-Za-z0-9_./-]*) return 0 ;; esac
  case $net in *=*) net=$net,unix:$inbox ;; esac
}

# The engine's flags (scripts/v8_flags.ts): what has to be fast at once is
# compiled early, all else late.
choose_engine() {
  # A daemon's few threads share one arena of glibc's: a megabyte that rests otherwise.
  if [ "$command" = daemon ] || [ "$command" = mcp ]; then
    export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
  fi
  engine=--optimize-for-size,--max-semi-space-size=2,--no-short-builtin-calls,--invocation-count-for-osr=50000,--invocation-count-for-maglev-osr=10000
  case $command in
  relay | bench) ;;
  *) engine=$engine,--wasm-tiering-budget=1000000000,--invocation-count-for-maglev=40000,--invocation-count-for-turbofan=300000 ;;
  esac
}
