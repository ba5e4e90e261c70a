import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, PlatformError } from '../../errors';
import { isBeingReplaced } from './publish-draft';

export const BUILD_RECORD_FILE = 'build-record.json';
/** Two renames, on a machine that is busy. A publisher killed between them leaves the sign behind until the next build. */
const GAP_MS = 2_000;
const GAP_STEP_MS = 20;
const READ_ATTEMPTS = 10;

/** `<distDirectory>/<project>/build-record.json`: says what the binaries beside it are. Holds no path of this machine. */
export interface BuildRecord {
  schemaVersion: 1;
  project: string;
  package: string;
  profile: 'release';
  binaries: BuiltBinary[];
  /** e.g. `rustc 1.95.0 (59807616e 2026-04-14) x86_64-unknown-linux-gnu`. */
  rustc: string;
  cargoArgs: string[];
  /** SHA-256 of Cargo.lock; null when there was none. */
  lockSha256: string | null;
}

export interface BuiltBinary {
  name: string;
  /** File name in the folder of the record. */
  file: string;
  sha256: string;
  bytes: number;
}

/** A record whose binaries were found and have the recorded content. */
export interface VerifiedBuild extends BuildRecord {
  /** Absolute folder of the record. */
  folder: string;
}

/**
 * Reads and verifies the build of a project. Throws `no-build` when there is none, and `stale-build` when a binary is
 * missing or was changed, or the record was written by another version or for another profile.
 */
export async function readBuildRecord(
  workspaceRoot: string,
  distDirectory: string,
  project: string,
): Promise<VerifiedBuild> {
  const folder = join(workspaceRoot, distDirectory, project);
  for (let attempt = 1; ; attempt += 1) {
    const text = await readRecord(folder);
    if (text === undefined)
      throw noBuild(project, `${distDirectory}/${project}/${BUILD_RECORD_FILE} does not exist`);
    try {
      return await verify(folder, project, text);
    } catch (error) {
      // Published anew between the two: the record was of the old build and the binaries are of the new one.
      if (attempt === READ_ATTEMPTS || (await readRecord(folder)) === text) throw error;
    }
  }
}

/** Its content; `undefined` when there is none. Another run that publishes takes the folder away for a moment. */
async function readRecord(folder: string): Promise<string | undefined> {
  const read = (): Promise<string | undefined> =>
    readFile(join(folder, BUILD_RECORD_FILE), 'utf8').catch(() => undefined);
  for (let waited = 0; waited < GAP_MS; waited += GAP_STEP_MS) {
    const text = await read();
    if (text !== undefined) return text;
    if (!(await isBeingReplaced(folder))) break;
    await sleep(GAP_STEP_MS);
  }
  // The new one may have come after the first look and before the second.
  return read();
}

async function verify(folder: string, project: string, text: string): Promise<VerifiedBuild> {
  const record = parseRecord(text);
  if (!record || record.project !== project)
    throw staleBuild(project, `${BUILD_RECORD_FILE} is not readable`);
  if (record.profile !== 'release')
    throw staleBuild(project, `the profile is ${String(record.profile)}, not release`);
  for (const binary of record.binaries) await verifyBinary(folder, project, binary);
  return { ...record, folder };
}

/** Absolute path of one binary of the build; throws `no-build` when the build does not have it. */
export function builtBinary(build: VerifiedBuild, name: string): string {
  const binary = build.binaries.find((candidate) => candidate.name === name);
  if (binary) return join(build.folder, binary.file);
  const known = build.binaries.map((candidate) => candidate.name).join(', ') || 'none';
  throw noBuild(build.project, `the last build has no binary ${name} (it has: ${known})`);
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function verifyBinary(folder: string, project: string, { file, sha256 }: BuiltBinary): Promise<void> {
  const found = await sha256OfFile(join(folder, file)).catch(() => undefined);
  if (found === undefined) throw staleBuild(project, `${file} is missing`);
  if (found !== sha256) throw staleBuild(project, `${file} is not the file that was built`);
}

function parseRecord(text: string): BuildRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<BuildRecord> | null;
    return value?.schemaVersion === 1 && Array.isArray(value.binaries) ? (value as BuildRecord) : undefined;
  } catch {
    return undefined;
  }
}

function noBuild(project: string, why: string): PlatformError {
  const fix = `rust-platform build ${project}`;
  return new PlatformError({
    code: 'no-build',
    what: `${project} is not built`,
    why,
    fix,
    exitCode: EXIT.preflight,
  });
}

function staleBuild(project: string, why: string): PlatformError {
  const what = `the build of ${project} cannot be trusted`;
  const fix = `rust-platform build ${project} --skip-nx-cache`;
  return new PlatformError({ code: 'stale-build', what, why, fix, exitCode: EXIT.preflight });
}
