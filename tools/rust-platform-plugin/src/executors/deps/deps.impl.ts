import type { ExecutorContext } from '@nx/devkit';
import { connectionVariables } from '../../engines/deps/connection-variables';
import { ensureDeps } from '../../engines/deps/ensure-deps';
import { SERVER_NAME } from '../../engines/deps/server-names';
import type { ServerEndpoint } from '../../engines/endpoints';
import type { PlatformOptions } from '../../service-model/platform-options';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import { serverNeeds, serviceCrate } from '../service-stack/start-order';
import schema from './schema.json';

/** `deps`: the servers of one service, asked for by name, so they stay until `deps stop`. */
export default async function deps(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ context, target: 'deps', options, schema, needsCargo: false, work: depsTask });
}

async function depsTask(task: TaskContext): Promise<Outcome> {
  const { service } = serviceCrate(task.model, task.crate.project);
  const needs = serverNeeds([service]);
  if (needs.length === 0) return { status: 'passed', headline: 'needs neither PostgreSQL nor Redis' };
  const endpoints = await ensureDeps({
    ...task,
    needs,
    lifetime: { kind: 'pinned' },
    env: process.env,
    // Only a query: nothing is changed on a server that is not ours.
    allowRemote: true,
  });
  for (const { name, shown } of await connectionVariables(endpoints, task.project))
    task.report(`${name}=${shown}`);
  const servers = Object.values(endpoints) as ServerEndpoint[];
  return {
    status: 'passed',
    headline: servers.map(describeServer).join(', '),
    notes: servers.flatMap((server) => movedNote(server, task.options) ?? []),
    data: servers.map(({ kind, provider, host, port, version }) => ({ kind, provider, host, port, version })),
  };
}

function describeServer({ kind, version, host, port }: ServerEndpoint): string {
  return `${SERVER_NAME[kind]} ${version} on ${host}:${port}`;
}

/** A local server of ours is on another port than the configured one for one reason only. */
function movedNote(
  { kind, provider, owned, port }: ServerEndpoint,
  options: PlatformOptions,
): string | undefined {
  const wanted = kind === 'postgres' ? options.postgresPort : options.redisPort;
  if (!owned || provider === 'compose' || port === wanted) return undefined;
  return `${SERVER_NAME[kind]} is on port ${port}: port ${wanted} is used by another checkout`;
}
