import { refuseRemoteHost } from '../../engines/deps/refuse-remote-host';
import { chainOption } from '../../engines/run/chain-options';
import { parsePostgresUrl } from '../../engines/postgres/postgres-url';
import { parseRedisUrl } from '../../engines/redis/redis-url';

/** By option, or for a whole chain by the environment. */
export function allowsRemote(option: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  return option ?? chainOption('allowRemote', env);
}

/** Before anything else happens: throws `remote-refused` for a DATABASE_URL or REDIS_URL on another machine. */
export function refuseRemoteServers(
  needs: ReadonlyArray<'postgres' | 'redis'>,
  env: NodeJS.ProcessEnv,
  allowRemote: boolean,
): void {
  const { DATABASE_URL: postgres, REDIS_URL: redis } = env;
  if (postgres && needs.includes('postgres')) {
    refuseRemoteHost({ host: parsePostgresUrl(postgres).host, variable: 'DATABASE_URL', allowRemote });
  }
  if (redis && needs.includes('redis')) {
    refuseRemoteHost({ host: parseRedisUrl(redis).host, variable: 'REDIS_URL', allowRemote });
  }
}
