import { run } from '../../process/run';
import { findOnPath } from '../deps/executable-in';

/** How Compose is called on this machine, e.g. `['docker', 'compose']`; `undefined` when it is not installed. */
export async function findComposeCommand(env: NodeJS.ProcessEnv): Promise<string[] | undefined> {
  const [docker, standalone] = await Promise.all([
    findOnPath('docker', env),
    findOnPath('docker-compose', env),
  ]);
  // Both are slow to answer. A docker client without the plugin takes `compose` for an unknown command.
  const [plugin, program] = await Promise.all([
    docker ? answers(docker, ['compose', 'version'], env) : false,
    standalone ? answers(standalone, ['version'], env) : false,
  ]);
  if (docker && plugin) return [docker, 'compose'];
  return standalone && program ? [standalone] : undefined;
}

async function answers(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const { exitCode } = await run(command, args, { env: { ...env }, timeoutMs: 10_000 });
  return exitCode === 0;
}
