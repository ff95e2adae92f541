# shellcheck shell=sh
# Runs the bundled program in the folder $program with the Deno in $deno. Put
# into the head of a portable file and into the npm package's script, after
# scripts/rights.sh, scripts/surroundings.sh and scripts/start.sh.
# shellcheck disable=SC2154 # what is set by those
allowed_env=@ENV@
# Where the runtime keeps the code of commands that end soon; empty where it has
# no folder for them alone.
brief_dir=

# Whether a command goes on for long, and rests meanwhile.
stays() {
  case $command in daemon | mcp | relay | bench | watch) return 0 ;; *) return 1 ;; esac
}

# Has the code of what ends soon compiled whole, of which the runtime then keeps
# all of it and not the outermost alone. Only in a folder of its own: code that
# was kept under other flags is thrown away.
choose_keeping() {
  if [ -z "$brief_dir" ] || stays; then return; fi
  engine=$engine,--no-lazy
  export DENO_DIR="$brief_dir"
}

# As launch runs it (scripts/start.sh).
run_program() {
  choose_keeping
  launch "$deno" run --quiet --no-config --no-lock --no-remote --no-npm \
    --unstable-lazy-dynamic-imports @RUNTIME@ --v8-flags="$engine" \
    --no-prompt "$net" --allow-read=/ --allow-write=/ \
    --allow-env="$allowed_env" --allow-sys=hostname \
    --deny-run --deny-ffi --deny-import "$program/main.js" "$@"
}

# The rest of the script: what the runtime would trip over is out of its way.
run_bundle() {
  choose_net
  choose_engine
  tell_limits
  tell_arguments "$@"
  # No question to Deno's servers whether there is a newer Deno.
  export DENO_NO_UPDATE_CHECK=1
  start_or_run "$@"
}
