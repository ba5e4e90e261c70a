import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCargoWorkspaces, type CargoReading } from '../cargo/read-cargo-workspaces';
import { httpFiles, readEvidence } from '../cargo/read-evidence';
import { describeServices } from './describe-services';
import { loadPlatformOptions, readNxJson } from './load-platform-options';
import type { PlatformOptions } from './platform-options';
import { readComposeServices } from './read-compose-services';
import type { ServiceModel } from './service-model';

export interface ServiceModelRequest {
  /** Absolute. */
  workspaceRoot: string;
  /** Default: those of nx.json. */
  options?: PlatformOptions;
  /** Every Cargo.toml of the repository, relative; default: those that Nx would find. */
  manifests?: readonly string[];
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/**
 * The crates and services of a repository. Asks cargo only after a change of the Cargo files; otherwise it costs a few
 * milliseconds per ten crates. What is wrong stands in `problems`; rejects only for invalid options and when aborted.
 */
export async function loadServiceModel(request: ServiceModelRequest): Promise<ServiceModel> {
  const { workspaceRoot, env, signal } = request;
  const options = request.options ?? (await loadPlatformOptions(workspaceRoot));
  const manifests = request.manifests ?? allManifests(workspaceRoot);
  const reading = await readCargoWorkspaces({
    workspaceRoot,
    manifests,
    exclude: options.exclude,
    env,
    signal,
  });
  const packages = reading.workspaces.flatMap((workspace) => workspace.packages);
  return describeServices({
    workspaceRoot,
    workspaces: reading.workspaces,
    problems: reading.problems,
    texts: reading.texts,
    evidence: new Map(
      packages.map((cargo) => [cargo.manifestPath, readEvidence(cargo, reading.names.get(cargo.root))]),
    ),
    options,
    nxJson: await nxJsonFor(options, workspaceRoot),
    composeServices: await composeServicesFor(reading, options, workspaceRoot),
    files: {
      exists: (path) => existsSync(join(workspaceRoot, path)),
      httpFiles: (folder) => httpFiles(workspaceRoot, folder),
    },
  });
}

/** Loaded only where Nx does not list them. */
function allManifests(workspaceRoot: string): string[] {
  return (require('../cargo/list-manifests') as typeof import('../cargo/list-manifests')).listManifests(
    workspaceRoot,
  );
}

/** Only its line numbers are wanted, and only when options say something about services. */
async function nxJsonFor({ services }: PlatformOptions, workspaceRoot: string): Promise<string | undefined> {
  return Object.keys(services).length > 0 ? readNxJson(workspaceRoot) : undefined;
}

async function composeServicesFor(
  { workspaces }: CargoReading,
  options: PlatformOptions,
  workspaceRoot: string,
): Promise<string[]> {
  const tables = [
    ...workspaces.flatMap(({ packages }) => packages.map(({ metadata }) => metadata['rust-platform'])),
    ...Object.values(options.services),
  ];
  const someNeeds = tables.some((table) => Object.hasOwn(Object(table), 'needs'));
  return someNeeds ? readComposeServices(join(workspaceRoot, options.composeFile)) : [];
}
