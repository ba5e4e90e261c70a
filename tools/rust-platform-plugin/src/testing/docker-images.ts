import { join } from 'node:path';
import { findDockerEngine, type DockerEngine } from '../engines/docker/find-docker-engine';
import { run } from '../process/run';

export const TEST_IMAGES = { postgres: 'postgres:17', redis: 'redis:7' };

/**
 * The real engine at DOCKER_HOST with images of the servers in it. `undefined`, with the reason on the console, when there
 * is none; throws in CI. `start-docker-engine.sh` starts one.
 */
export async function dockerForTests(): Promise<DockerEngine | undefined> {
  const search = process.env['DOCKER_HOST']
    ? await findDockerEngine(process.env, 5_000)
    : {
        reason:
          'DOCKER_HOST is not set: eval "$(sudo tools/rust-platform-plugin/src/testing/start-docker-engine.sh)"',
      };
  if ('reason' in search) {
    if (process.env['CI']) throw new Error(`these tests need a Docker engine in CI: ${search.reason}`);
    process.stderr.write(`skipped: ${search.reason}\n`);
    return undefined;
  }
  await buildServerImages(search.engine, Object.values(TEST_IMAGES));
  return search.engine;
}

/** Builds images of this machine's own PostgreSQL and Redis under the given names; those that exist are left alone. */
export async function buildServerImages({ host }: DockerEngine, images: string[]): Promise<void> {
  const script = join(__dirname, 'build-server-images.sh');
  const { exitCode, stderr } = await run('sh', [script, ...images], {
    env: { DOCKER_HOST: host },
    timeoutMs: 300_000,
  });
  if (exitCode !== 0) throw new Error(`the images could not be built:\n${stderr}`);
}
