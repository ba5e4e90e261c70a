import { join } from 'node:path';
import type { PreflightRequest } from '../engines/preflight/preflight-types';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../service-model/service-model';
import type { PlanNeeds } from './run-command';

type ServerKind = 'postgres' | 'redis';

/** What has to be looked at before the given projects run (none: all). Pure; nothing for projects that are not Rust. */
export function planPreflight(plan: {
  workspaceRoot: string;
  needs: PlanNeeds;
  projects: readonly string[];
  model: ServiceModel;
  options: PlatformOptions;
  env: NodeJS.ProcessEnv;
  allowRemote: boolean;
  signal?: AbortSignal;
}): PreflightRequest {
  const { workspaceRoot, needs, projects, model, options, env, allowRemote, signal } = plan;
  const crates = model.crates.filter(({ project }) => projects.length === 0 || projects.includes(project));
  const has = (tool: PlanNeeds['tools'][number]) => needs.tools.includes(tool);
  return {
    workspaceRoot,
    options,
    env,
    allowRemote,
    signal,
    cargoRoots: needs.cargo ? cargoRootsOf(crates, workspaceRoot) : [],
    tools: { clippy: has('clippy'), rustfmt: has('rustfmt'), nextest: has('nextest'), audit: has('audit') },
    servers: serversOf(needs, crates, model),
    ports: needs.ports
      ? crates.flatMap(({ project, service }) => (service ? [{ port: service.port, service: project }] : []))
      : [],
  };
}

function cargoRootsOf(crates: readonly RustCrate[], workspaceRoot: string): PreflightRequest['cargoRoots'] {
  const roots = new Map(crates.map(({ cargoRoot, lockFile }) => [cargoRoot, lockFile]));
  return [...roots].map(([root, lockFile]) => ({ folder: join(workspaceRoot, root), lockFile }));
}

function serversOf(
  needs: PlanNeeds,
  crates: readonly RustCrate[],
  model: ServiceModel,
): PreflightRequest['servers'] {
  const required = new Map<ServerKind, boolean>();
  for (const need of needs.servers) {
    for (const kind of crates.flatMap((crate) => kindsOf(need.of, crate, model))) {
      required.set(kind, need.required || (required.get(kind) ?? false));
    }
  }
  return [...required].map(([kind, isRequired]) => ({ kind, required: isRequired }));
}

function kindsOf(
  of: PlanNeeds['servers'][number]['of'],
  crate: RustCrate,
  model: ServiceModel,
): ServerKind[] {
  if (of === 'tests') return crate.testNeeds;
  if (of === 'migrations') return crate.service?.migrations ? ['postgres'] : [];
  return kindsOfService(crate, model, new Set());
}

/** With what the services need that it needs. */
function kindsOfService(crate: RustCrate, model: ServiceModel, seen: Set<string>): ServerKind[] {
  if (seen.has(crate.project)) return [];
  seen.add(crate.project);
  return (crate.service?.needs ?? []).flatMap((need): ServerKind[] => {
    if (need.kind === 'postgres' || need.kind === 'redis') return [need.kind];
    if (need.kind === 'compose') return [];
    const other = model.crates.find(({ project }) => project === need.project);
    return other ? kindsOfService(other, model, seen) : [];
  });
}
