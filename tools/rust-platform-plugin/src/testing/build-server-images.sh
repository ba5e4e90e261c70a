#!/bin/sh
# Builds images under the names that docker-compose.yml asks for, from this machine's own server programs and the libraries
# they need: for tests on machines that cannot pull. Usage: build-server-images.sh <image>…   (needs DOCKER_HOST, root)
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The file at its own path, and every library that the loader would load for it.
add() {
  for file in "$@"; do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
    ldd "$file" 2>/dev/null | grep -o '/[^ )]*' | while read -r library; do
      [ -e "$root$library" ] && continue
      mkdir -p "$root$(dirname "$library")"
      cp -L "$library" "$root$library"
    done
  done
}

# A shell and what entry points and health checks of Compose files usually call.
add_base() {
  root=$work/$1
  mkdir -p "$root/etc" "$root/tmp" "$root/bin" "$root/usr/local/bin" "$root/run"
  chmod 1777 "$root/tmp"
  for name in sh cat chmod echo grep id ls mkdir rm sleep test; do
    program=$(command -v "$name" || true)
    case $program in /*) add "$(readlink -f "$program")" && ln -sf "$(readlink -f "$program")" "$root/bin/$name" ;; esac
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nserver:x:999:999::/:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nserver:x:999:\n' >"$root/etc/group"
}

build_postgres() {
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  version=$(basename "$(dirname "$bin")")
  add_base postgres
  add "$bin/postgres" "$bin/initdb" "$bin/pg_isready" "$bin/psql"
  for module in "/usr/lib/postgresql/$version"/lib/*.so; do add "$module"; done
  mkdir -p "$root/usr/share/postgresql" "$root/var/lib/postgresql/data" "$root/usr/share/zoneinfo"
  cp -RL "/usr/share/postgresql/$version" "$root/usr/share/postgresql/"
  cp -RL /usr/share/zoneinfo/Etc /usr/share/zoneinfo/UTC "$root/usr/share/zoneinfo/"
  cat >"$root/usr/local/bin/docker-entrypoint.sh" <<'SCRIPT'
#!/bin/sh
# What the official image does on its first start, as far as the tests need it.
set -eu
[ "${1:-}" = postgres ] || exec "$@"
export PGDATA="${PGDATA:-/var/lib/postgresql/data}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is not set}"
  user=${POSTGRES_USER:-postgres}
  echo "$POSTGRES_PASSWORD" >/tmp/pw
  initdb --username "$user" --pwfile /tmp/pw --auth-host scram-sha-256 --auth-local trust --no-locale --encoding UTF8
  rm /tmp/pw
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  database=${POSTGRES_DB:-$user}
  if [ "$database" != postgres ]; then
    echo "CREATE DATABASE \"$database\"" | postgres --single -j postgres
  fi
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/tmp
SCRIPT
  chmod 755 "$root/usr/local/bin/docker-entrypoint.sh"
  chown -R 999:999 "$root/var/lib/postgresql"
  chmod 700 "$root/var/lib/postgresql/data"
  import "$1" 'USER 999:999' "ENV PATH=$bin:/usr/local/bin:/usr/bin:/bin" 'ENV PGHOST=/tmp' 'EXPOSE 5432' \
    'VOLUME /var/lib/postgresql/data' 'STOPSIGNAL SIGINT' 'CMD ["postgres"]'
}

build_redis() {
  server=$(readlink -f "$(command -v redis-server || command -v valkey-server)")
  client=$(readlink -f "$(command -v redis-cli || command -v valkey-cli)")
  add_base redis
  add "$server" "$client"
  for name in redis-server valkey-server; do ln -sf "$server" "$root/usr/local/bin/$name"; done
  for name in redis-cli valkey-cli; do ln -sf "$client" "$root/usr/local/bin/$name"; done
  mkdir -p "$root/data"
  chown 999:999 "$root/data"
  cat >"$root/usr/local/bin/docker-entrypoint.sh" <<'SCRIPT'
#!/bin/sh
# The official image switches protected mode off, since nobody reaches a container but through a published port.
case "${1:-}" in
  redis-server | valkey-server) exec "$@" --protected-mode no ;;
  *) exec "$@" ;;
esac
SCRIPT
  chmod 755 "$root/usr/local/bin/docker-entrypoint.sh"
  import "$1" 'USER 999:999' 'ENV PATH=/usr/local/bin:/usr/bin:/bin' 'WORKDIR /data' 'EXPOSE 6379' 'VOLUME /data' \
    'CMD ["redis-server"]'
}

# import <image> <Dockerfile instruction>…
import() {
  image=$1
  shift
  mkdir "$work/context"
  tar -C "$root" --numeric-owner -cf "$work/context/root.tar" .
  {
    echo 'FROM scratch'
    echo 'ADD root.tar /'
    printf '%s\n' "$@" 'ENTRYPOINT ["/bin/sh","/usr/local/bin/docker-entrypoint.sh"]' 'LABEL rust-platform.test-image=1'
  } >"$work/context/Dockerfile"
  # The classic builder: BuildKit's is a component of its own, which Debian does not package.
  DOCKER_BUILDKIT=0 docker build --quiet --tag "$image" "$work/context" >/dev/null 2>"$work/log" || { cat "$work/log" >&2 && exit 1; }
  rm -rf "$root" "$work/context"
}

for image in "$@"; do
  if docker image inspect "$image" >/dev/null 2>&1; then continue; fi
  name=${image##*/}
  case ${name%%[:@]*} in
    postgres*) build_postgres "$image" ;;
    redis* | valkey*) build_redis "$image" ;;
    *) echo "build-server-images: no recipe for $image" >&2 && continue ;;
  esac
  echo "built $image" >&2
done
