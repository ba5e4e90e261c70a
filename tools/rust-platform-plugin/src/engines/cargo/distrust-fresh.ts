import { createHash } from 'node:crypto';
import { realpath, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlatformError } from '../../errors';
import type { Artifact } from './cargo-messages';
import type { CargoSetup } from './cargo-setup';
import { DepInfoFiles } from './dep-info-files';
import { DistrustMemory, type SeenCrate } from './distrust-memory';
import { forgetFingerprints } from './distrust-fingerprints';
import { readSourceFiles, type SourceFile, type SourceFiles } from './source-files';

/**
 * Inputs of compiling a crate, by its folder (relative to the workspace root): name → hash. Those that cargo notices by
 * itself do no harm. Under `*` stand files of flags, which concern everything that is compiled.
 */
export type CompileInputs = Record<string, Record<string, string>>;

export interface DistrustSetup extends Pick<CargoSetup, 'workspaceRoot' | 'sources'> {
  crate: Pick<CargoSetup['crate'], 'root' | 'targetDirectory'>;
  inputs?: CompileInputs;
}

export interface Distrust {
  /** After cargo, whatever its exit code. With what it made, so that a changed program is noticed. */
  remember(output?: { artifacts: readonly Artifact[] }): Promise<void>;
}

/** For the crates of one cargo call, which share a target directory; see `distrustFresh`. */
export async function distrustFreshAll(setups: readonly DistrustSetup[], command: string): Promise<Distrust> {
  const [first] = setups;
  if (!first) return { remember: () => Promise.resolve() };
  const { workspaceRoot, crate } = first;
  const inputs: CompileInputs = Object.assign({}, ...setups.map((setup) => setup.inputs ?? {}));
  const memory = new DistrustMemory(crate.targetDirectory, command);
  const roots = [...new Set(setups.flatMap(({ sources, crate: { root } }) => sources ?? [root]))];
  const startedAt = Date.now();
  const flags = digest(inputs['*'] ?? {});
  if (await isOtherFlags(memory, flags)) await forgetFingerprints(crate.targetDirectory);
  const crates = await Promise.all(
    roots.map((root) => distrustCrate({ workspaceRoot, root, command, memory, inputs: inputs[root] })),
  );
  return {
    remember: async (output) => {
      const made = output ? await madeBy(output.artifacts) : undefined;
      await memory.rememberFlags(flags);
      for (const { root, real, seen, tracked, untracked } of crates) {
        const own = made ? (made.get(real) ?? NOTHING_MADE) : (seen ?? NOTHING_MADE);
        const { compiled, programs } = own;
        await memory.remember(root, { startedAt, tracked, untracked, compiled, programs });
      }
    },
  };
}

/**
 * Makes cargo compile what it would wrongly call fresh: a source with other content but an old time (rsync, a restored
 * target directory), a changed input that it does not track (a new clippy.toml, migration or query file, what a procedural
 * macro reads, a file of flags), a program that somebody has written over. Such files, or the sources of the crate, get
 * the present time. Call it under the lock of the target directory; `remember` afterwards.
 */
export function distrustFresh(setup: DistrustSetup, command: string): Promise<Distrust> {
  return distrustFreshAll([setup], command);
}

/** A first look has nothing to compare with; then there was no such file, or nobody noticed a change of it. */
async function isOtherFlags(memory: DistrustMemory, flags: string): Promise<boolean> {
  const seen = await memory.flags();
  return seen !== undefined && seen.digest !== flags;
}

interface CrateRequest {
  workspaceRoot: string;
  root: string;
  command: string;
  memory: DistrustMemory;
  /** `undefined`: nobody has looked. */
  inputs: Record<string, string> | undefined;
}

interface DistrustedCrate {
  root: string;
  real: string;
  seen: SeenCrate | undefined;
  tracked: Record<string, string>;
  untracked: string;
}

async function distrustCrate(request: CrateRequest): Promise<DistrustedCrate> {
  const { workspaceRoot, root, command, memory, inputs } = request;
  const folder = join(workspaceRoot, root);
  const files = await readSourceFiles(workspaceRoot, folder, { command, all: inputs === undefined });
  const untracked = digest({ ...inputs, ...hashes(files.untracked) });
  const seen = await memory.crate(root);
  if (seen) await touch(await missedFiles(files, untracked, seen));
  const real = await realpath(folder).catch(() => folder);
  return { root, real, seen, tracked: hashes(files.tracked), untracked };
}

async function missedFiles(
  { tracked }: SourceFiles,
  untracked: string,
  seen: SeenCrate,
): Promise<SourceFile[]> {
  if (seen.untracked !== untracked || (await isOverwritten(seen))) return tracked;
  const others = await compiledSince(seen);
  const latest = Math.max(seen.startedAt, others ?? 0);
  return tracked.filter(({ path, sha256, mtimeMs, ctimeMs }) => {
    const before = seen.tracked[path];
    // cargo itself sees what is newer than its last compilation.
    if (before === undefined || mtimeMs > latest) return false;
    // What another cargo has compiled since is not known: who wrote the file later may have brought back the old text.
    return before !== sha256 || (others !== undefined && ctimeMs > seen.startedAt);
  });
}

/** When somebody else compiled it last, after us. */
async function compiledSince({ compiled }: SeenCrate): Promise<number | undefined> {
  const times = await Promise.all(
    Object.entries(compiled).map(async ([path, before]) => {
      const found = await stat(path).catch(() => undefined);
      return found && found.mtimeMs !== before ? [found.mtimeMs] : [];
    }),
  );
  const changed = times.flat();
  return changed.length > 0 ? Math.max(...changed) : undefined;
}

/** cargo's final copy is a hard link: whoever writes into it changes what cargo takes for its own. */
async function isOverwritten({ programs, compiled }: SeenCrate): Promise<boolean> {
  for (const [path, { depInfo, stamp }] of Object.entries(programs)) {
    const [program, info] = await Promise.all([stampOf(path), stat(depInfo).catch(() => undefined)]);
    if (program !== undefined && program !== stamp && info?.mtimeMs === compiled[depInfo]) return true;
  }
  return false;
}

async function touch(files: SourceFile[]): Promise<void> {
  const now = new Date();
  await Promise.all(
    files.map(({ path }) =>
      utimes(path, now, now).catch((cause: unknown) => {
        throw new PlatformError({
          code: 'source-not-touched',
          what: `${path} cannot get a new time`,
          why: 'cargo would take its old result for the present one',
          fix: ['chown the file, so that its time can be set', 'cargo clean'],
          cause,
        });
      }),
    ),
  );
}

type Made = Pick<SeenCrate, 'compiled' | 'programs'>;

const NOTHING_MADE: Made = { compiled: {}, programs: {} };

/** By folder of the package. */
async function madeBy(artifacts: readonly Artifact[]): Promise<Map<string, Made>> {
  const files = new DepInfoFiles(artifacts);
  const found = new Map<string, Made>();
  await Promise.all(
    artifacts
      .filter(({ packageId }) => /(^|\()path\+/.test(packageId))
      .map(async (artifact) => {
        const depInfo = await files.of(artifact);
        const time = depInfo && (await stat(depInfo.path).catch(() => undefined));
        if (!depInfo || !time) return;
        const folder = dirname(artifact.manifestPath);
        const made = found.get(folder) ?? { compiled: {}, programs: {} };
        found.set(folder, made);
        made.compiled[depInfo.path] = time.mtimeMs;
        const stamp = artifact.executable === undefined ? undefined : await stampOf(depInfo.made);
        if (stamp !== undefined) made.programs[depInfo.made] = { depInfo: depInfo.path, stamp };
      }),
  );
  return found;
}

async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.size} ${found.mtimeMs} ${found.ino}`;
}

function hashes(files: SourceFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]));
}

function digest(values: Record<string, string>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(values).sort()) hash.update(`${name}\0${values[name]}\0`);
  return hash.digest('hex');
}
