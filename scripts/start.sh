# shellcheck shell=sh
# Starts the daemon in the background, for the commands that want one: the
# program itself may start no other. Read by scripts/agentnet, and put into the
# head of a portable file (scripts/build/portable.ts) after scripts/rights.sh.
# Where it is read, run_program runs the program in place of this shell.
#
# The program says what it wants by its exit code (commands/start/start_phase.ts),
# and is called up to three times: it checks everything and remembers it, with
# a daemon to be started by 10; it hears on standard input what became of that;
# and it does the rest.

# A larger log is put aside when a daemon starts.
most_log=1000000

# Whether this command starts a daemon where none runs.
may_start() {
  case $command in
  up | invite) return 0 ;;
  join) ;;
  *) return 1 ;;
  esac
  for word in "$@"; do
    case $word in agentnet-invite-* | - | --file | --file=*) return 0 ;; esac
  done
  return 1
}

# In place of this shell, but for a start.
start_or_run() {
  may_start "$@" || run_program "$@"
  # A variable that came exported would go on to every program.
  unset input
  input=
  for word in "$@"; do
    case $word in
    # It is wanted more than once. In no argument of any program: it is a secret.
    - | --file=-) input=$(first_line) ;;
    esac
  done
  code=0
  printf '%s\n' "$input" | (
    export AGENTNET_START=offered
    run_program "$@"
  ) || code=$?
  [ "$code" = 10 ] || exit "$code"
  code=0
  start_daemon | (
    export AGENTNET_START=started
    run_program "$@"
  ) || code=$?
  if [ "$code" != 0 ] || [ "$command" = up ]; then exit "$code"; fi
  export AGENTNET_START=done
  # In place of this shell: it may wait for long, and signals are for it.
  run_program "$@" <<END
$input
END
}

# How run_program runs a program: in place of this shell.
launch() { exec "$@"; }

# The same in a session of its own, without the terminal, and without what
# close_high closes. Some shells can't, and some systems have no setsid: perl
# does it for them. Without perl too the daemon keeps the terminal, whose end it
# does not hear, and those descriptors.
launch_apart() {
  close_high
  if [ -z "$still_open" ] && command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  if perl -MPOSIX -e 0 2>/dev/null; then
    exec perl -MPOSIX -e '
      POSIX::close($_) for split " ", shift;
      POSIX::setsid();
      exec { $ARGV[0] } @ARGV or die "agentnet: can\x27t run $ARGV[0]: $!\n"' "$still_open" "$@"
  fi
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  exec "$@"
}

# Closes what was given to us from descriptor 10 on. What it can't, $still_open
# names: dash, for one, knows no number of two digits.
close_high() {
  still_open=
  for folder in /proc/self/fd /dev/fd; do
    if [ -d "$folder" ]; then break; fi
  done
  # Those that a program is given: ls is one.
  for descriptor in $(ls "$folder" 2>/dev/null); do
    case $descriptor in [0-9] | *[!0-9]*) continue ;; esac
    # Where the number is taken for a program's name there is none such.
    if (PATH=/nowhere && eval "exec $descriptor>&-") 2>/dev/null; then
      eval "exec $descriptor>&-"
    else
      still_open="$still_open $descriptor"
    fi
  done
}

# The first line of standard input that holds anything: whoever types it waits
# for no end of the input.
first_line() {
  while IFS= read -r line; do
    case $line in *[![:space:]]*) break ;; esac
  done
  printf '%s' "$line"
}

# A daemon of its own session, without terminal, standard input or anything
# else of ours but the pipe that it says on how its start went.
start_daemon() {
  command=daemon relay=
  case $data_dir in /*) ;; *) data_dir=$PWD/$data_dir ;; esac
  case ${deno:-/} in /*) ;; */*) deno=$PWD/$deno ;; esac
  log=$data_dir/daemon.log
  umask 077
  if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt "$most_log" ]; then mv -f "$log" "$log.1"; fi
  (
    cd /
    # What was given is remembered by now, and what is remembered is meant: the
    # relay that is read here, whatever another start remembers meanwhile.
    unset AGENTNET_RELAY AGENTNET_NAME AGENTNET_AS AGENTNET_START
    # Of the session that this is started from, which the daemon outlives.
    unset CLAUDE_CODE_MESSAGING_SOCKET CLAUDE_CODE_MESSAGING_TOKEN CLAUDE_CODE_SESSION_ID
    export AGENTNET_DATA_DIR="$data_dir"
    choose_net
    [ -z "$relay" ] || export AGENTNET_RELAY="$relay"
    choose_engine
    export AGENTNET_ARGUMENTS=utf-8
    trap '' HUP
    launch() { launch_apart "$@"; }
    run_program daemon --json --log-format text --take-over
  ) </dev/null 2>>"$log" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}
