import { builtBinary, readBuildRecord } from '../cargo/build-record';

/** The finished binary of a service, checked against its build record. */
export interface ServiceBinary {
  /** Absolute. */
  command: string;
  file: string;
  sha256: string;
  bytes: number;
  rustc: string;
}

/** Throws PlatformError `no-build` or `stale-build`: only what `build` made is ever served, tested or measured. */
export async function readServiceBinary(
  workspaceRoot: string,
  distDirectory: string,
  { project, binary }: { project: string; binary: string },
): Promise<ServiceBinary> {
  const build = await readBuildRecord(workspaceRoot, distDirectory, project);
  const command = builtBinary(build, binary);
  const { file = '', sha256 = '', bytes = 0 } = build.binaries.find(({ name }) => name === binary) ?? {};
  return { command, file, sha256, bytes, rustc: build.rustc };
}
