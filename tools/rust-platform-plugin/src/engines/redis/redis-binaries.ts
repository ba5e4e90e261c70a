import { run } from '../../process/run';
import { executableIn, pathFolders } from '../deps/executable-in';

export interface RedisBinary {
  server: string;
  flavour: 'redis' | 'valkey';
  /** e.g. `7.0.15`. */
  version: string;
}

const FOLDERS = [
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/redis/bin',
  '/opt/homebrew/opt/valkey/bin',
];

/** `redis-server` or else `valkey-server` of this machine. */
export async function findRedisBinary(env: NodeJS.ProcessEnv): Promise<RedisBinary | undefined> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of [...pathFolders(env), ...FOLDERS]) {
      const server = await executableIn(folder, name);
      const binary = server === undefined ? undefined : await readRedisBinary(server);
      if (binary) return binary;
    }
  }
  return undefined;
}

/** `undefined` when the program does not run here. */
export async function readRedisBinary(server: string): Promise<RedisBinary | undefined> {
  const { exitCode, stdout } = await run(server, ['--version'], { timeoutMs: 10_000 });
  const version = /\bv=(\d[\w.]*)/.exec(stdout)?.[1];
  if (exitCode !== 0 || version === undefined) return undefined;
  return { server, flavour: /^valkey/i.test(stdout) ? 'valkey' : 'redis', version };
}
