# shellcheck shell=sh
# What surrounds the program when it is started, and what of it the runtime
# would trip over or not tell. Read by scripts/agentnet after scripts/rights.sh,
# and put into the head of a portable file (scripts/build/portable.ts).
# shellcheck disable=SC2154 # $command and $data_dir are of scripts/rights.sh

# Whether each is a folder that is ours alone: no link, our own, closed to others.
# What we run of a cache that others share lies in such a one. One ls for all of
# them: a program more costs the start of each command a millisecond.
is_ours() {
  for folder in "$@"; do
    [ -d "$folder" ] && [ ! -L "$folder" ] && [ -O "$folder" ] || return 1
  done
  modes=$(ls -ld "$@") || return 1
  while IFS= read -r mode; do
    case $mode in drwx------*) ;; *) return 1 ;; esac
  done <<END
$modes
END
}

# A folder that nobody but us and root may have written into.
is_safe() {
  ls -ldn "$1" 2>/dev/null | {
    read -r mode _ uid _
    case $mode in d????-??-*) [ "$uid" = 0 ] || [ -O "$1" ] ;; *) false ;; esac
  }
}

# Takes away the runtime's own variables, but those that say where it keeps what
# it fetched and whom it trusts: some end it with a trace or stop it for good,
# some write files or ask another program what is allowed. Likewise those by which
# a program that starts a runtime tells it of itself, a launcher's own among them.
clear_variables() {
  unset NODE_CHANNEL_FD OTEL_DENO AGENTNET_HOME
  case $(set) in *DENO_*) ;; *) return 0 ;; esac
  for name in $(set | sed -n 's/^\(DENO_[A-Za-z0-9_]*\)=.*/\1/p'); do
    case $name in
    DENO_DIR | DENO_CERT | DENO_TLS_CA_STORE) ;;
    *) unset "$name" ;;
    esac
  done
}

# Takes away what the runtime trips over before the program's first line: a
# folder that was deleted, a home or a cache that is none.
clear_way() {
  case ${PWD:-} in
  /*) [ -d "$PWD" ] || leave_folder ;;
  *) leave_folder ;;
  esac
  is_cache "${XDG_CACHE_HOME:-/}" || unset XDG_CACHE_HOME
  # The runtime runs what it finds there.
  if [ -e "${XDG_CACHE_HOME:-/dev/null}/deno" ]; then is_safe "$XDG_CACHE_HOME/deno" || unset XDG_CACHE_HOME; fi
  is_cache "${DENO_DIR:-/}" || unset DENO_DIR
  if [ -n "${HOME:-}" ]; then is_home || leave_home; fi
}

# Whether it is a folder that a cache may lie in: a whole path, there or to be
# made. One that can't be written may hold all that is wanted.
is_cache() {
  case $1 in /*) ;; *) return 1 ;; esac
  [ -d "$1" ] || mkdir -p "$1" 2>/dev/null
}

is_home() {
  case $HOME in /*) ;; *) return 1 ;; esac
  [ -d "$HOME" ] && { [ -n "${DENO_DIR:-}${XDG_CACHE_HOME:-}" ] || is_cache "$HOME/.cache"; }
}

# The runtime then asks the system for it.
leave_home() {
  keep_data
  unset HOME
}

# Gives the runtime another home where this one has an .npmrc. $1: one without.
hide_npmrc() {
  [ -n "${HOME:-}" ] && { [ -e "$HOME/.npmrc" ] || [ -L "$HOME/.npmrc" ]; } || return 0
  keep_data
  export DENO_DIR="${DENO_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/deno}"
  export HOME="$1"
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
