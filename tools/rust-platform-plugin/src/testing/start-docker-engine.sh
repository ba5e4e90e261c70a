#!/bin/sh
# A private Docker engine for the tests: installed if missing (Debian, Ubuntu), started apart from any other one, with the
# server images of docker-compose.yml built from this machine's programs. Safe to call again.
# Usage, as root: eval "$(start-docker-engine.sh [compose file])"   — prints export lines; everything else goes to stderr.
# The counterpart is stop-docker-engine.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
compose=${1:-$here/../../../../docker-compose.yml}
folder=${RUST_PLATFORM_DOCKER_FOLDER:-${TMPDIR:-/tmp}/rust-platform-docker}
export DOCKER_HOST="unix://$folder/docker.sock"

say() { echo "start-docker-engine: $*" >&2; }

[ "$(id -u)" = 0 ] || { say 'root is needed to start an engine'; exit 1; }

install_missing() {
  missing=''
  command -v dockerd >/dev/null || missing="$missing docker.io"
  command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing="$missing docker-compose"
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
  command -v redis-server >/dev/null || command -v valkey-server >/dev/null || missing="$missing redis-server"
  [ -n "$missing" ] || return 0
  say "installing$missing"
  apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

start_engine() {
  mkdir -p "$folder"
  rm -f "$folder/dockerd.pid"
  setsid nohup dockerd --host "$DOCKER_HOST" --data-root "$folder/data" --exec-root "$folder/exec" \
    --pidfile "$folder/dockerd.pid" >>"$folder/dockerd.log" 2>&1 </dev/null &
  tries=0
  until answers; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ]; then
      say 'the engine does not answer:'
      tail -n 30 "$folder/dockerd.log" >&2
      exit 1
    fi
    sleep 0.2
  done
  say "engine started, log in $folder/dockerd.log"
}

install_missing
answers || start_engine
images=$(sed -n "s/^ *image: *[\"']\{0,1\}\([^\"' #]*\).*/\1/p" "$compose" 2>/dev/null | sort -u)
# shellcheck disable=SC2086
sh "$here/build-server-images.sh" ${images:-postgres:17 redis:7}
echo "export DOCKER_HOST=$DOCKER_HOST"
