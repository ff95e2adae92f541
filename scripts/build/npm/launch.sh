#!/bin/sh
# agentnet @VERSION@, as npm installs it. agentnet.js, beside this, calls it by
# its whole path with that of the Deno that came along; it runs the bundled
# program with the least rights that the command needs.
set -eu

deno=$1
program=${0%/*}/program
only_net=
shift

@SHARED@
check_stdout "$@"
clear_variables
clear_way
hide_npmrc /
run_bundle "$@"
