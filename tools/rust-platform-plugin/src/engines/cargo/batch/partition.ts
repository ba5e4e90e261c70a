import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../../errors';
import { compilerEnvironment, exists, type CargoEnvironment } from '../cargo-environment';
import type { CargoSetup } from '../cargo-setup';
import type { Group, GroupMember } from './compile-group';
import type { CompileOrder } from './compile-order';
import { groupCrates } from './group-crates';

/** Crates for one process of cargo, and why it is not that of the others. */
export interface PlannedGroup extends Group {
  reason?: string;
}

interface Candidate {
  member: GroupMember;
  order: CompileOrder;
  env: CargoEnvironment;
}

export interface Ordered {
  setup: CargoSetup;
  order: CompileOrder;
}

/**
 * Which crates one process of cargo may compile so that each gets what it would get alone: of one Cargo workspace and
 * target directory, with the same order and environment, no two with a binary of the same name, and with the same
 * features of everything that they are built from.
 */
export async function partition(requests: readonly Ordered[]): Promise<PlannedGroup[]> {
  // They came in any order.
  const inOrder = [...requests].sort((a, b) => (a.setup.crate.project < b.setup.crate.project ? -1 : 1));
  const candidates = await Promise.all(inOrder.map(candidateOf));
  const groups: PlannedGroup[] = [];
  for (const some of splitBy(candidates, ({ member: { setup }, order }) =>
    JSON.stringify([
      setup.crate.cargoRoot,
      setup.crate.targetDirectory,
      order,
      setup.compilerArgs,
      setup.colour,
    ]),
  )) {
    for (const group of byNamesAndEnvironment(some)) groups.push(...(await byFeatures(group)));
  }
  return groups;
}

async function candidateOf({ setup, order }: Ordered): Promise<Candidate> {
  const { workspaceRoot, crate, sources = [crate.root] } = setup;
  const manifestPath = await realPath(workspaceRoot, crate.manifest);
  const folders = sources
    .filter((folder) => folder !== crate.root)
    .map((folder) => realPath(workspaceRoot, folder));
  const builtFrom = new Set((await Promise.all(folders)).map((folder) => join(folder, 'Cargo.toml')));
  const member = { setup, packageName: crate.packageName, manifestPath, builtFrom };
  return { member, order, env: await compilerEnvironment(setup) };
}

/** cargo says what is wrong with one that is not there. */
async function realPath(workspaceRoot: string, name: string): Promise<string> {
  const path = join(workspaceRoot, name);
  return realpath(path).catch(() => path);
}

function splitBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const parts = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    parts.set(key, [...(parts.get(key) ?? []), item]);
  }
  return [...parts.values()];
}

/** Two binaries of the same name are one file of the target directory. */
function byNamesAndEnvironment(candidates: readonly Candidate[]): Array<Omit<PlannedGroup, 'hasLock'>> {
  const groups: Array<Omit<PlannedGroup, 'hasLock'> & { binaries: Set<string> }> = [];
  for (const { member, order, env } of candidates) {
    const binaries = ['test', 'build'].includes(order.subcommand) ? member.setup.crate.binaries : [];
    const obstacles = groups.map((group) => obstacleTo(env, binaries, group));
    const at = obstacles.findIndex((obstacle) => obstacle === undefined);
    const group = groups[at];
    if (group) {
      group.members.push(member);
      Object.assign(group.env, env);
      binaries.forEach((name) => group.binaries.add(name));
    } else {
      groups.push({
        members: [member],
        order,
        env: { ...env },
        binaries: new Set(binaries),
        reason: obstacles[0],
      });
    }
  }
  return groups.map(({ binaries: _, ...group }) => group);
}

function obstacleTo(
  env: CargoEnvironment,
  binaries: readonly string[],
  group: { env: CargoEnvironment; binaries: ReadonlySet<string> },
): string | undefined {
  const name = binaries.find((binary) => group.binaries.has(binary));
  if (name !== undefined) return `another crate has a binary ${name} as well`;
  const variable = Object.keys(env).find((key) => key in group.env && group.env[key] !== env[key]);
  return variable === undefined ? undefined : `another crate has a different ${variable}`;
}

async function byFeatures(group: Omit<PlannedGroup, 'hasLock'>): Promise<PlannedGroup[]> {
  const { members, order, env } = group;
  const [first] = members;
  if (!first) return [];
  const { workspaceRoot, crate, signal, progress } = first.setup;
  const hasLock = await exists(join(workspaceRoot, crate.cargoRoot, 'Cargo.lock'));
  if (members.length === 1) return [{ ...group, hasLock }];
  const crates = members.map(({ setup }) => setup.crate);
  const { subcommand, args } = order;
  const request = { workspaceRoot, crates, subcommand, args, env, signal, report: progress };
  try {
    const found = await groupCrates(request);
    return found.map(({ crates: some, reason = group.reason }) => {
      const own = members.filter(({ setup }) => some.includes(setup.crate));
      return { ...group, hasLock, members: own, reason };
    });
  } catch (error) {
    // Compiling will fail by the same; it gives every crate a message of its own.
    if (error instanceof PlatformError && !signal?.aborted) return [{ ...group, hasLock, isUnproven: true }];
    throw error;
  }
}
