# shellcheck shell=bash
# What the scripts of deploy/ share: where things are, how progress is shown, how packages come.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${KLUIS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kluis}
KUBERNETES_VERSION=1.37.2

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# usage: what the script says of itself at its top.
usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
  exit 2
}

# step TEXT COMMAND...: runs a long command quietly with its elapsed time; shows its output only when it fails.
step() {
  local text=$1 started=$SECONDS log pid
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 &
  pid=$!
  if [ -t 1 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r  %s ... %d s ' "$text" $((SECONDS - started))
      sleep 0.2
    done
    printf '\r'
  fi
  if wait "$pid"; then
    printf '  %s: done in %d s\n' "$text" $((SECONDS - started))
    rm -f "$log"
  else
    printf '  %s: failed after %d s\n' "$text" $((SECONDS - started))
    tail -n 30 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# packages NAME...: makes sure that Debian packages are there.
packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    fail "These Debian packages are missing: ${missing[*]}" "Install them and run again: sudo apt-get install ${missing[*]}"
  fi
  export DEBIAN_FRONTEND=noninteractive
  step "installing the packages ${missing[*]}" bash -c 'apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@"' apt "${missing[@]}"
}

# k3s up KUBECONFIG | load ARCHIVE | down: K3s in a container, by Testcontainers. Needs what `make build` made.
k3s() {
  docker info >/dev/null 2>&1 || fail 'K3s needs a Docker engine, and none answers here' \
    'Start one, or choose another cluster: KLUIS_CLUSTER=local (root) or KLUIS_CLUSTER=current'
  TESTCONTAINERS_RYUK_DISABLED=true "$ROOT/mvnw" -q -B -pl src/testkit exec:java "-Dexec.args=$*"
}
