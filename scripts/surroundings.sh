# shellcheck shell=sh
# What surrounds the program when it is started, and what of it the runtime
# would trip over or not tell. Read by scripts/agentnet after scripts/rights.sh,
# and put into the head of a portable file (scripts/build/portable.ts).
# shellcheck disable=SC2154 # $command and $data_dir are of scripts/rights.sh

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
