#!/bin/sh
# Installs agentnet for the user who runs it: downloads the file of this
# platform from a release, checks its SHA-256, and puts it in ~/.local/bin.
# Read it, then:  sh install.sh [VERSION]
# Only look whether there is a newer one:  sh install.sh --check
#
#   AGENTNET_RELEASES  address of the project's releases; under it lies a
#                      folder a version, and one called latest (needed)
#   AGENTNET_BIN       folder to install to (~/.local/bin)
set -eu

fail() {
  echo "install: $1" >&2
  exit 1
}

# All of it is read before any of it runs: a download cut short does nothing.
main() {
  check_only=
  if [ "${1:-}" = --check ]; then check_only=yes && shift; fi
  version=${1:-latest}
  case $version in '' | *[!0-9A-Za-z.-]* | .*) fail "'$version' is no version" ;; esac
  refuse_root_pipe
  releases=${AGENTNET_RELEASES:-}
  check_address
  file=agentnet-$(platform)
  bin=$(folder)
  scratch=$(mktemp -d) || fail "can't make a temporary folder"
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 1' HUP INT TERM
  from=${releases%/}/$version
  if [ -n "$check_only" ]; then
    compare
    return
  fi
  echo "install: downloading $from/$file"
  download "$from/SHA256SUMS" "$scratch/SHA256SUMS"
  download "$from/$file" "$scratch/$file"
  check "$scratch" "$file"
  echo "install: its SHA-256 is the one in SHA256SUMS"
  place "$scratch/$file" "$bin"
}

# A file that root has read is root's own decision; a pipe from the network is not.
refuse_root_pipe() {
  [ "$(id -u)" = 0 ] || return 0
  [ -f "$0" ] && case $0 in *install.sh) return 0 ;; esac
  fail "not from a pipe as root: save this script, read it, then run sh install.sh"
}

check_address() {
  case $releases in
  https://?*) ;;
  http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
  '') fail "set AGENTNET_RELEASES to the address of the project's releases (https://...)" ;;
  *) fail "AGENTNET_RELEASES has to start with https://" ;;
  esac
}

platform() {
  case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=macos ;;
  *) fail "no file for $(uname -s) here; on Windows take agentnet-windows-x64.exe from the release" ;;
  esac
  case $(uname -m) in
  x86_64 | amd64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "no file for $(uname -m); run agentnet from source" ;;
  esac
  # A shell under translation on an Apple processor says x86_64.
  if [ "$os-$arch" = macos-x64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then
    arch=arm64
  fi
  echo "$os-$arch"
}

folder() {
  bin=${AGENTNET_BIN:-}
  [ -n "$bin" ] || [ -z "${HOME:-}" ] || bin=$HOME/.local/bin
  case $bin in /*) echo "$bin" ;; *) fail "set AGENTNET_BIN to a whole path" ;; esac
}

# The program itself asks nobody for a newer one: it reaches its relay alone.
compare() {
  download "$from/VERSION" "$scratch/VERSION"
  newest=$(head -c 64 "$scratch/VERSION" | head -n 1)
  case $newest in '' | *[!0-9A-Za-z.-]*) fail "$from/VERSION holds no version" ;; esac
  installed=$("$bin/agentnet" version) || fail "no agentnet runs in $bin"
  if [ "$installed" = "agentnet $newest" ]; then
    echo "install: $installed is the one in $from"
  else
    echo "install: $bin holds $installed; in $from is $newest"
    echo "install: run this script without --check to install it"
  fi
}

download() {
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --location --proto-redir =https --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1"
  else
    fail "there is neither curl nor wget to download with"
  fi || fail "could not download $1"
}

check() {
  line=$(grep -E "^[0-9a-f]{64} [ *]$2\$" "$1/SHA256SUMS") ||
    fail "SHA256SUMS of this release has no line for $2"
  if command -v sha256sum >/dev/null 2>&1; then
    found=$(sha256sum <"$1/$2")
  elif command -v shasum >/dev/null 2>&1; then
    found=$(shasum -a 256 <"$1/$2")
  else
    fail "there is neither sha256sum nor shasum to check the download with"
  fi
  [ "${found%% *}" = "${line%% *}" ] ||
    fail "the download is not what SHA256SUMS says; nothing was installed"
}

# Tried under another name and moved into place whole: one that does not
# start replaces nothing, and an agentnet that runs goes on undisturbed.
place() {
  mkdir -p "$2" || fail "can't make $2"
  new=$2/.agentnet.$$
  trap 'rm -rf "$scratch" "$new"' EXIT
  cp "$1" "$new" && chmod 755 "$new" || fail "can't write to $2"
  installed=$("$new" version) ||
    fail "the file does not start here (Linux: it needs glibc); nothing was installed"
  mv -f "$new" "$2/agentnet" || fail "can't write to $2"
  echo "install: $installed is now $2/agentnet; nothing else was changed"
  case ":$PATH:" in
  *":$2:"*) ;;
  *) echo "install: $2 is not on your PATH; add it, or call it by its path" ;;
  esac
}

main "$@"
