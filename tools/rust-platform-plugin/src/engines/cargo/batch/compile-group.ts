import type { Diagnostic } from '../cargo-messages';
import type { CargoSetup } from '../cargo-setup';
import { compileFailure } from '../compile-failure';
import { inOrder, type CompilerOutput } from '../diagnostics';
import { callCompiler, type CompilerCall } from './call-compiler';
import type { CompileOrder } from './compile-order';
import { judgeCrates, type CrateVerdict, type Judged } from './judge-crates';
import { readTargets } from './read-targets';

/** A crate after cargo ran for it and, maybe, for others. */
export interface CompiledCrate {
  /** Absolute, links resolved: what cargo calls the package's `manifest_path`. */
  manifestPath: string;
  /** Its own: there are none unless clippy found them. */
  errors: Diagnostic[];
  /** Its own. */
  warnings: Diagnostic[];
  /** Of all packages, one object for all crates of the call. */
  output: CompilerOutput;
}

export interface GroupMember extends Judged {
  setup: CargoSetup;
}

/** Crates that one process of cargo compiles. */
export interface Group {
  members: GroupMember[];
  order: CompileOrder;
  /** For the compiler, beyond the environment of this process. */
  env: Record<string, string | undefined>;
  hasLock: boolean;
  /** Nobody knows whether each gets what it would get alone: what is compiled together counts for none of them. */
  isUnproven?: boolean;
}

export type GroupResult = CompiledCrate | Error;

/**
 * Compiles under the lock of the target directory, which the caller holds. By manifest path. What goes wrong with all of
 * them at once is asked for each of them.
 */
export async function compileGroup(group: Group): Promise<Map<string, GroupResult>> {
  const { members } = group;
  try {
    return await compileTogether(group);
  } catch (error) {
    const [first] = members;
    if (members.length > 1 && !first?.setup.signal?.aborted) return compileEach(group, members);
    return new Map(members.map(({ manifestPath }) => [manifestPath, errorOf(error)]));
  }
}

async function compileEach(group: Group, members: GroupMember[]): Promise<Map<string, GroupResult>> {
  const results = new Map<string, GroupResult>();
  for (const member of members) {
    const alone = await compileGroup({ ...group, members: [member], isUnproven: false });
    alone.forEach((result, manifestPath) => results.set(manifestPath, result));
  }
  return results;
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

async function compileTogether(group: Group): Promise<Map<string, GroupResult>> {
  const call = await callCompiler(group);
  const verdicts = await judge(group, call);
  const verdictOf = ({ manifestPath }: GroupMember): CrateVerdict =>
    verdicts.get(manifestPath) as CrateVerdict;
  const again = nextGroups(group, call, verdictOf);
  const open = new Set(again.flatMap(({ members }) => members));
  const results = new Map<string, GroupResult>();
  for (const member of group.members.filter((each) => !open.has(each))) {
    results.set(member.manifestPath, resultOf(member, verdictOf(member), call, group));
  }
  for (const next of again) {
    for (const [manifestPath, result] of await compileGroup(next)) results.set(manifestPath, result);
  }
  return results;
}

async function judge(group: Group, call: CompilerCall): Promise<Map<string, CrateVerdict>> {
  const { members, order } = group;
  const [first] = members;
  const isPartial = call.exitCode !== 0 && members.length > 1 && first !== undefined;
  const targets = isPartial ? await readTargets(first.setup) : new Map<string, never[]>();
  return judgeCrates({ crates: members, order, targets, ...call });
}

/**
 * Crates that cargo has to be asked for once more: tests by `cargo test` itself, without the crates that fail; and each
 * by itself of which it is not clear what stood in the way.
 */
function nextGroups(
  group: Group,
  call: CompilerCall,
  verdictOf: (member: GroupMember) => CrateVerdict,
): Group[] {
  const { members, order } = group;
  if (call.isFruitless || members.length === 1) return [];
  if (group.isUnproven) return members.map((member) => ({ ...group, members: [member], isUnproven: false }));
  if (call.exitCode === 0) return [];
  const of = (kind: CrateVerdict['kind']) => members.filter((member) => verdictOf(member).kind === kind);
  const compiled = order.subcommand === 'test' ? of('compiled') : [];
  const isSmaller = compiled.length < members.length;
  const alone = [...of('unknown'), ...(isSmaller ? [] : compiled)].map((member) => [member]);
  const groups = isSmaller && compiled.length > 0 ? [compiled, ...alone] : alone;
  return groups.map((some) => ({ ...group, members: some }));
}

function resultOf(member: GroupMember, verdict: CrateVerdict, call: CompilerCall, group: Group): GroupResult {
  const { setup, manifestPath } = member;
  const { output, words } = call;
  const isOwn = (diagnostic: Diagnostic): boolean => diagnostic.manifestPath === manifestPath;
  const warnings = output.warnings.filter(isOwn);
  const warned = words.packages.filter(({ name, isError }) => !isError && name === setup.crate.packageName);
  const said = `${words.others}${warned.map(({ text }) => text).join('')}${verdict.words}`.trimEnd();
  if (said) setup.report(said);
  if (!call.isShown) {
    for (const { rendered } of inOrder([...verdict.errors, ...warnings])) setup.report(`${rendered}\n`);
  }
  const errors = verdict.errors.filter(isOwn);
  if (isJudged(verdict, call, group.order)) return { manifestPath, errors, warnings, output };
  const withOthers = { ...verdict, words: `${words.others}${verdict.words}` };
  return compileFailure(withOthers, setup.crate, call.end);
}

/** Errors of clippy are a result; tests have been compiled only when `cargo test` says so. */
function isJudged(verdict: CrateVerdict, { exitCode }: CompilerCall, { subcommand }: CompileOrder): boolean {
  if (subcommand === 'clippy' && verdict.kind === 'failed') return verdict.errors.length > 0;
  return verdict.kind === 'compiled' && (subcommand !== 'test' || exitCode === 0);
}
