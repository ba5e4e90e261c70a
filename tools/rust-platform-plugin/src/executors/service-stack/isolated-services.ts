import { ensureDeps } from '../../engines/deps/ensure-deps';
import type { DepsEndpoints } from '../../engines/endpoints';
import {
  startIsolatedStack,
  type IsolatedStack,
  type StackRequest,
} from '../../engines/service-run/isolated-stack';
import { ownIdentity } from '../../engines/service-run/own-identity';
import { readServiceBinary, type ServiceBinary } from '../../engines/service-run/service-binary';
import { connectSupervisor } from '../../engines/supervisor';
import type { TaskContext } from '../task-context';
import { describeMember } from './describe-member';
import { refuseRemoteServers } from './refuse-remote-servers';
import { refuseComposeNeeds, serverNeeds, serviceCrate, startOrder, type ServiceCrate } from './start-order';

export interface PreparedServices {
  /** In start order, the service itself last. */
  crates: ServiceCrate[];
  binaries: ServiceBinary[];
  needs: Array<'postgres' | 'redis'>;
  allowRemote: boolean;
}

export interface RunningServices {
  stack: IsolatedStack;
  endpoints: DepsEndpoints;
  /** RUST_LOG of the service itself. */
  logLevel: string;
}

/** Everything that can be refused before anything is started or waited for. */
export async function prepareServices(task: TaskContext, allowRemote: boolean): Promise<PreparedServices> {
  const { workspaceRoot, options, model } = task;
  const main = serviceCrate(model, task.crate.project);
  const crates = startOrder(model, main.project);
  const needs = serverNeeds(crates.map(({ service }) => service));
  refuseRemoteServers(needs, process.env, allowRemote);
  for (const crate of crates) refuseComposeNeeds(crate);
  const binaries = [];
  for (const crate of crates) {
    // `build` publishes under the name that Nx has for the project.
    const project = crate === main ? task.project : (task.projectNames[crate.root] ?? crate.project);
    const { binary } = crate.service;
    binaries.push(await readServiceBinary(workspaceRoot, options.distDirectory, { project, binary }));
  }
  return { crates, binaries, needs, allowRemote };
}

/** Starts the services, does the work, and stops everything whatever happens. */
export async function withServices<T>(
  task: TaskContext,
  prepared: PreparedServices,
  purpose: StackRequest['purpose'],
  work: (running: RunningServices) => Promise<T>,
): Promise<T> {
  const { workspaceRoot, options, signal } = task;
  const endpoints = await startServers(task, prepared);
  const members = await Promise.all(
    prepared.crates.map((crate, index) =>
      describeMember(task, crate, prepared.binaries[index] as ServiceBinary, purpose),
    ),
  );
  const client = await connectSupervisor(workspaceRoot, { stateDirectory: options.stateDirectory });
  try {
    const stack = await startIsolatedStack({
      ...options,
      client,
      workspaceRoot,
      purpose,
      members,
      endpoints,
      runId: task.run.runId,
      owner: ownIdentity(),
      env: process.env,
      report: task.report,
      signal,
    });
    try {
      return await work({ stack, endpoints, logLevel: members.at(-1)?.logLevel ?? '' });
    } finally {
      await stack.stop({ hurry: signal.aborted });
    }
  } finally {
    client.close();
  }
}

async function startServers(
  task: TaskContext,
  { needs, allowRemote }: PreparedServices,
): Promise<DepsEndpoints> {
  if (needs.length === 0) return {};
  const { workspaceRoot, options, report, signal, run } = task;
  const lifetime = { kind: 'run' as const, holder: run.holder };
  return ensureDeps({
    workspaceRoot,
    options,
    needs,
    lifetime,
    env: process.env,
    allowRemote,
    report,
    signal,
  });
}
