import { join } from 'node:path';
import type { GivenAddresses, StackMember } from '../../engines/service-run/isolated-stack';
import type { ServiceBinary } from '../../engines/service-run/service-binary';
import { readDotenv, shellEnvironment } from '../../service-model/read-dotenv';
import { serviceEnvironment } from '../../service-model/service-environment';
import type { RustService } from '../../service-model/service-model';
import type { TaskContext } from '../task-context';
import { serverNeeds, type ServiceCrate } from './start-order';

export interface DescribedMember extends StackMember {
  /** RUST_LOG as the service gets it. */
  logLevel: string;
}

/**
 * `bench` measures the service, not the way of its log lines through the supervisor to the terminal: with one line per
 * request that is a third of the time on a small machine. RUST_LOG of the shell or of a `.env` wins.
 */
const LOG_LEVEL = { test: 'info', bench: 'warn' };

/** What the stack must know of a service, taken from the model and the `.env` files. */
export async function describeMember(
  task: TaskContext,
  crate: ServiceCrate,
  binary: ServiceBinary,
  purpose: keyof typeof LOG_LEVEL,
): Promise<DescribedMember> {
  const { workspaceRoot } = task;
  const { service } = crate;
  const files = await readDotenv(workspaceRoot, crate.root);
  const dotenv = { ...files, workspace: { RUST_LOG: LOG_LEVEL[purpose], ...files.workspace } };
  const shellEnv = await shellEnvironment(workspaceRoot, task.crate.root);
  const levels = [shellEnv, dotenv.service, dotenv.workspace].flatMap((env) => env['RUST_LOG'] ?? []);
  return {
    logLevel: levels[0] ?? '',
    project: crate.project,
    command: binary.command,
    args: service.args,
    cwd: join(workspaceRoot, crate.root),
    health: service.health,
    startTimeout: service.startTimeout,
    gracePeriod: service.gracePeriod,
    needs: serverNeeds([service]),
    migrations: service.migrations === undefined ? undefined : join(workspaceRoot, service.migrations),
    environment: (given: GivenAddresses) =>
      serviceEnvironment({
        ...given,
        service,
        serviceUrls: neededUrls(service, given.serviceUrls),
        composeUrls: {},
        shellEnv,
        dotenv,
        mode: 'isolated',
      }),
  };
}

/** Only of what it names itself: a service further down the line is none of its business. */
function neededUrls(service: RustService, urls: Record<string, string>): Record<string, string> {
  const names = service.needs.flatMap((need) => (need.kind === 'service' ? need.project : []));
  return Object.fromEntries(Object.entries(urls).filter(([project]) => names.includes(project)));
}
