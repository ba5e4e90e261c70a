import { join } from 'node:path';
import { run } from '../../process/run';
import { sha256OfFile, type BuildRecord } from './build-record';
import type { CargoSetup } from './cargo-setup';
import { compileFailure } from './compile-failure';
import { messageFormat } from './message-format';
import { publishBinaries, type FinishedBinary } from './publish-binaries';
import { UNLOCKED_NOTE, withCargo, type Cargo, type CargoResult } from './with-cargo';

export interface BuildRequest extends CargoSetup {
  /** Relative to the workspace root. */
  distDirectory: string;
}

export interface BuildRun {
  /** Undefined for a library: its build is a verdict only. */
  record: BuildRecord | undefined;
  warnings: number;
  notes: string[];
}

/** Builds the release deliverable and publishes its binaries. Throws `compile-failed`. */
export async function buildCrate(request: BuildRequest): Promise<BuildRun> {
  const { crate } = request;
  const isProgram = crate.binaries.length > 0;
  const selection = isProgram ? ['--bins'] : crate.hasLibrary ? ['--lib'] : [];
  const args = ['--release', `-p=${crate.packageName}`, ...selection];
  return withCargo(request, (cargo) =>
    // The copy belongs under the lock: another crate may have a binary of the same name.
    cargo.exclusively(async () => {
      const result = await cargo.run({ subcommand: ['build'], args: [...args, messageFormat(request)] });
      if (result.exitCode !== 0) throw compileFailure(result, crate, cargo.manifestPath);
      const record = isProgram ? await publish(request, cargo, result, args) : undefined;
      const notes = cargo.hasLock ? [] : [UNLOCKED_NOTE];
      return { record, warnings: result.warnings.length, notes };
    }),
  );
}

async function publish(
  request: BuildRequest,
  cargo: Cargo,
  result: CargoResult,
  args: string[],
): Promise<BuildRecord> {
  const { workspaceRoot, distDirectory, crate } = request;
  const cwd = join(workspaceRoot, crate.cargoRoot);
  return publishBinaries(join(workspaceRoot, distDirectory, crate.project), finishedBinaries(result, cargo), {
    schemaVersion: 1,
    project: crate.project,
    package: crate.packageName,
    profile: 'release',
    rustc: await rustcVersion(cwd),
    cargoArgs: ['build', ...(cargo.hasLock ? ['--locked'] : []), ...args],
    lockSha256: cargo.hasLock ? await sha256OfFile(join(cwd, 'Cargo.lock')) : null,
  });
}

function finishedBinaries({ artifacts }: CargoResult, cargo: Cargo): FinishedBinary[] {
  return artifacts
    .filter(({ kind, manifestPath }) => kind.includes('bin') && manifestPath === cargo.manifestPath)
    .flatMap(({ name, executable }) => (executable === undefined ? [] : [{ name, executable }]))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

async function rustcVersion(cwd: string): Promise<string> {
  const { stdout } = await run('rustc', ['-vV'], { cwd });
  const host = /^host: (.+)$/mu.exec(stdout)?.[1];
  return [stdout.split('\n')[0], host].filter(Boolean).join(' ');
}
