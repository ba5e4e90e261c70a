import { join } from 'node:path';
import { PlatformError } from '../../errors';
import { buildOrder } from './batch/compile-order';
import { sha256OfFile, type BuildRecord } from './build-record';
import type { CargoSetup } from './cargo-setup';
import { compileCrate, type CompiledCrate, type Held } from './compile-crate';
import { publishBinaries, type FinishedBinary } from './publish-binaries';
import { rustcIdentity } from './rustc-identity';

export interface BuildRequest extends CargoSetup {
  /** Relative to the workspace root. */
  distDirectory: string;
  /** Called before anything is published; throws when the result must not count. */
  verify: (crate: CompiledCrate) => Promise<void>;
}

export interface BuildRun {
  /** Undefined for a library: its build is a verdict only. */
  record: BuildRecord | undefined;
  warnings: number;
  notes: string[];
}

/** Builds the release deliverable and publishes its binaries. Throws `compile-failed`. */
export async function buildCrate(request: BuildRequest): Promise<BuildRun> {
  // The copy belongs under the lock: another crate may have a binary of the same name.
  return compileCrate(request, buildOrder(request.crate), async (held) => {
    await request.verify(held.crate);
    const record = request.crate.binaries.length > 0 ? await publish(request, held) : undefined;
    return { record, warnings: held.crate.warnings.length, notes: held.notes };
  });
}

async function publish(request: BuildRequest, { crate: compiled, hasLock }: Held): Promise<BuildRecord> {
  const { workspaceRoot, distDirectory, crate } = request;
  const cwd = join(workspaceRoot, crate.cargoRoot);
  const { args } = buildOrder(crate);
  return publishBinaries(
    join(workspaceRoot, distDirectory, crate.project),
    finishedBinaries(request, compiled),
    {
      schemaVersion: 1,
      project: crate.project,
      package: crate.packageName,
      profile: 'release',
      rustc: await rustcIdentity(cwd),
      // What the crate alone is built with, whatever it was built together with.
      cargoArgs: [
        'build',
        ...(hasLock ? ['--locked'] : []),
        '--release',
        `-p=${crate.packageName}`,
        ...args.slice(1),
      ],
      lockSha256: hasLock ? await sha256OfFile(join(cwd, 'Cargo.lock')) : null,
    },
  );
}

/** Of exactly this package; every binary that it declares must be among them. */
function finishedBinaries(
  { crate }: BuildRequest,
  { output, manifestPath }: CompiledCrate,
): FinishedBinary[] {
  const finished = output.artifacts
    .filter((artifact) => artifact.kind.includes('bin') && artifact.manifestPath === manifestPath)
    .flatMap(({ name, executable }) => (executable === undefined ? [] : [{ name, executable }]))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const missing = crate.binaries.filter((name) => !finished.some((binary) => binary.name === name));
  if (missing.length === 0) return finished;
  throw new PlatformError({
    code: 'binary-missing',
    what: `cargo built no binary ${missing.join(', ')} of ${crate.packageName}`,
    why: `it reported ${finished.map(({ name }) => name).join(', ') || 'none'}`,
    fix: `cargo build --release --bins -p ${crate.packageName}`,
  });
}
