import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import { redactText } from '../../process/redact';
import { run } from '../../process/run';
import type { Report } from '../endpoints';
import { waitUntil } from '../deps/wait-until';
import type { ComposeFile, ComposeServer } from './compose-file';
import { findOwnContainers, type ContainerFacts } from './containers';
import type { DockerEngine } from './find-docker-engine';
import { composeProject, ownComposeFile } from './own-compose-file';

export interface ComposeContext {
  engine: DockerEngine;
  /** e.g. `['docker', 'compose']`. */
  command: string[];
  file: ComposeFile;
  server: ComposeServer;
  /** Real path of the workspace root. */
  root: string;
  /** `<state>/deps`: the generated file is written there. */
  folder: string;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal;
}

const PULL_MS = 10 * 60_000;
const UP_MS = 5 * 60_000;
const HEALTHY_MS = 120_000;

/** Pulls the image, or builds it; resolves with the reason when that fails. Changes nothing else. */
export async function obtainImage(context: ComposeContext): Promise<string | undefined> {
  const { server, report } = context;
  const step = server.builds ? 'build' : 'pull';
  report(`${server.image ?? server.service}: not on this machine, docker compose ${step}`);
  const { exitCode, stderr, stdout } = await run(
    context.command[0] ?? '',
    [...context.command.slice(1), '-f', context.file.path, step, server.service],
    { cwd: context.root, env: composeEnv(context), timeoutMs: PULL_MS, signal: context.signal },
  );
  context.signal?.throwIfAborted();
  if (exitCode === 0) return undefined;
  return redactText(
    `${stderr}\n${stdout}`
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .at(-1) ?? '',
  );
}

/** Starts the server as a container of this checkout and waits until Docker calls it healthy. */
export async function composeUp(
  context: ComposeContext,
  checkoutId: string,
  port: number,
): Promise<ContainerFacts> {
  const file = join(context.folder, `compose-${context.server.kind}.json`);
  await mkdir(context.folder, { recursive: true });
  await writeFile(file, ownComposeFile({ ...context, checkoutId, port }), { mode: 0o600 });
  const project = composeProject(context.root, checkoutId);
  const args = [
    '-f',
    file,
    '--project-directory',
    context.root,
    '-p',
    project,
    'up',
    '-d',
    context.server.service,
  ];
  const { exitCode, stderr, stdout } = await run(
    context.command[0] ?? '',
    [...context.command.slice(1), ...args],
    {
      cwd: context.root,
      env: composeEnv(context),
      timeoutMs: UP_MS,
      signal: context.signal,
    },
  );
  context.signal?.throwIfAborted();
  if (exitCode !== 0) throw upFailed(context, `${stderr}\n${stdout}`);
  return waitUntilHealthy(context, checkoutId);
}

async function waitUntilHealthy(context: ComposeContext, checkoutId: string): Promise<ContainerFacts> {
  const { engine, server, signal } = context;
  const facts = await waitUntil(
    async () => {
      const [found] = await findOwnContainers(engine.docker, checkoutId, server.kind);
      if (!found || !found.running) throw upFailed(context, await lastLogLines(context, found));
      if (found.health === 'unhealthy') throw upFailed(context, await lastLogLines(context, found));
      return found.health === 'starting' ? undefined : found;
    },
    { timeoutMs: HEALTHY_MS, intervalMs: 100, signal },
  );
  if (facts) return facts;
  throw upFailed(context, `its health check did not pass within ${HEALTHY_MS / 1000} s`);
}

async function lastLogLines({ engine }: ComposeContext, facts: ContainerFacts | undefined): Promise<string> {
  if (!facts) return 'the container is gone';
  const container = engine.docker.getContainer(facts.id);
  const log = (await container.logs({
    stdout: true,
    stderr: true,
    tail: 15,
    follow: false,
  })) as unknown as Buffer;
  const state = facts.running ? 'its health check fails' : `it ended with exit code ${facts.exitCode}`;
  // Each piece of the stream has a header of 8 bytes; what is left of it is not printable.
  return `${state}\n${log
    .toString('utf8')
    .replace(/[^\x20-\x7e\n]/g, '')
    .trim()}`;
}

function upFailed({ server, file }: ComposeContext, output: string): PlatformError {
  return new PlatformError({
    code: 'compose-failed',
    what: `the container of '${server.service}' (${file.path}) did not come up`,
    why: redactText(
      output.trim().split('\n').slice(-15).join('\n'),
      server.password ? [server.password] : [],
    ),
    fix: [
      'see the reason above; docker ps -a shows the containers',
      'or without Docker: RUST_PLATFORM_PROVIDERS=local,embedded before the command',
    ],
    exitCode: EXIT.preflight,
  });
}

function composeEnv({ env, engine }: ComposeContext): Record<string, string | undefined> {
  return {
    ...env,
    DOCKER_HOST: engine.host,
    COMPOSE_IGNORE_ORPHANS: 'true',
    COMPOSE_FILE: undefined,
    COMPOSE_PROFILES: undefined,
  };
}
