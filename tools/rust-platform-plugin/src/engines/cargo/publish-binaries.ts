import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BUILD_RECORD_FILE, sha256OfFile, type BuildRecord, type BuiltBinary } from './build-record';
import { makeDraft, replaceFolder, sweepDrafts } from './publish-draft';

export interface FinishedBinary {
  name: string;
  /** Where cargo left it, absolute. */
  executable: string;
}

/**
 * Copies the binaries and their record to `folder`: a reader finds the old build or the new one (`readBuildRecord` waits
 * where the one makes room for the other), and the old one stays when this fails. Call it under a lock. Never a hard link, and never written in place: cargo would take a changed link for its own fresh output, and a server may be running
 * from the old file.
 */
export async function publishBinaries(
  folder: string,
  binaries: FinishedBinary[],
  record: Omit<BuildRecord, 'binaries'>,
): Promise<BuildRecord> {
  await mkdir(dirname(folder), { recursive: true });
  await sweepDrafts(folder);
  const draft = await makeDraft(folder);
  try {
    const built: BuiltBinary[] = [];
    for (const binary of binaries) built.push(await copyBinary(draft, binary));
    const { schemaVersion, project, package: packageName, profile, ...rest } = record;
    const whole: BuildRecord = {
      schemaVersion,
      project,
      package: packageName,
      profile,
      binaries: built,
      ...rest,
    };
    await writeFile(join(draft, BUILD_RECORD_FILE), `${JSON.stringify(whole, null, 2)}\n`);
    await replaceFolder(draft, folder);
    return whole;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function copyBinary(draft: string, { name, executable }: FinishedBinary): Promise<BuiltBinary> {
  const file = basename(executable);
  await copyFile(executable, join(draft, file));
  const { size } = await stat(join(draft, file));
  return { name, file, sha256: await sha256OfFile(join(draft, file)), bytes: size };
}
