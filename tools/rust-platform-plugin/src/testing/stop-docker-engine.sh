#!/bin/sh
# Ends the engine of start-docker-engine.sh; `--purge` deletes its images, containers and volumes as well.
set -eu

folder=${RUST_PLATFORM_DOCKER_FOLDER:-${TMPDIR:-/tmp}/rust-platform-docker}
[ -d "$folder" ] || exit 0

if [ -S "$folder/docker.sock" ]; then
  running=$(docker -H "unix://$folder/docker.sock" ps -q 2>/dev/null || true)
  # shellcheck disable=SC2086
  [ -z "$running" ] || docker -H "unix://$folder/docker.sock" stop -t 5 $running >/dev/null || true
fi

pid=$(cat "$folder/dockerd.pid" 2>/dev/null || true)
if [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q -- "$folder/docker.sock"; then
  kill "$pid" 2>/dev/null || true
  tries=0
  while kill -0 "$pid" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -le 150 ] || { kill -9 "$pid"; break; }
    sleep 0.2
  done
fi
rm -f "$folder/docker.sock" "$folder/dockerd.pid"
if [ "${1:-}" = --purge ]; then
  grep -o "$folder/[^ ]*" /proc/mounts | sort -r | while read -r mount; do umount "$mount" || true; done
  rm -rf "$folder"
fi
