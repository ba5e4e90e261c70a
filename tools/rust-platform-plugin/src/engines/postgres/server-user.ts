import { userInfo } from 'node:os';
import { run } from '../../process/run';

export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: then `postgres` if there is such a user, else `nobody`. Not root: `undefined`. */
export async function postgresServerUser(): Promise<ServerUser | undefined> {
  if (userInfo().uid !== 0) return undefined;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid };
  }
  return undefined;
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  const { exitCode, stdout } = await run('id', [flag, name], { timeoutMs: 5_000 });
  const id = Number(stdout.trim());
  // macOS gives nobody the id -2, which spawn takes only as an unsigned number.
  return exitCode === 0 && Number.isInteger(id) ? id >>> 0 : undefined;
}
