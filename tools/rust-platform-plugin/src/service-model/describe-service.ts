import { webFrameworkOf } from './crate-evidence';
import { binariesOf, inCrate, type CrateDraft } from './crate-draft';
import { defaultPort } from './default-port';
import { suggestion } from './nearest-name';
import { metadataProblem } from './parse-service-metadata';
import { resolveNeeds, type NeedNames } from './resolve-needs';
import type { ModelProblem, RustService } from './service-model';

/** The disk, as far as metadata points to it. Paths relative to the workspace root. */
export interface CrateFiles {
  exists: (path: string) => boolean;
  /** Sorted `.http` files below a folder. */
  httpFiles: (folder: string) => string[];
}

export interface DescribedService {
  service: RustService | undefined;
  problems: ModelProblem[];
}

/** Metadata that only a service can have. */
const SERVICE_KEYS = [
  'binary',
  'args',
  'port',
  'needs',
  'env',
  'health',
  'gracePeriod',
  'startTimeout',
] as const;
const DEFAULTS = { health: '/health', gracePeriod: 10, startTimeout: 60 };

/** Whether a crate is a service, by metadata, else by evidence, and everything about it. */
export function describeService(draft: CrateDraft, names: NeedNames, files: CrateFiles): DescribedService {
  const { metadata, cargo } = draft;
  const framework = webFrameworkOf(cargo);
  const binaries = binariesOf(cargo);
  const isClaimed = metadata.service ?? SERVICE_KEYS.some((key) => metadata[key] !== undefined);
  const isService = metadata.service ?? (isClaimed || (framework !== undefined && binaries.length > 0));
  if (!isService) return { service: undefined, problems: [] };
  const problems: ModelProblem[] = [];
  const binary = chooseBinary(draft, binaries, problems);
  if (binary === undefined) return { service: undefined, problems };
  const { needs, evidence } = resolveNeeds(draft, names, problems);
  const why = framework === undefined ? 'metadata' : `${framework} in [dependencies]`;
  const service: RustService = {
    binary,
    args: metadata.args ?? [],
    port: metadata.port ?? defaultPort(draft.project),
    portSource: portSource(draft),
    health: metadata.health ?? DEFAULTS.health,
    needs,
    evidence: [`service: [[bin]] ${binary}, ${why}`, ...evidence],
    env: metadata.env ?? {},
    migrations: migrationsOf(draft, files, problems),
    apiTests: apiTestsOf(draft, files, problems),
    scenarios: scenariosOf(draft, files, problems),
    gracePeriod: metadata.gracePeriod ?? DEFAULTS.gracePeriod,
    startTimeout: metadata.startTimeout ?? DEFAULTS.startTimeout,
  };
  return { service, problems };
}

/** The one that is named, the package's default, the one called like the package, the only one: else a person decides. */
function chooseBinary(draft: CrateDraft, binaries: string[], problems: ModelProblem[]): string | undefined {
  const { metadata, cargo, sourceOf } = draft;
  if (metadata.binary !== undefined) {
    if (binaries.includes(metadata.binary)) return metadata.binary;
    const what = `there is no [[bin]] ${metadata.binary}: ${suggestion(metadata.binary, binaries)}`;
    problems.push(metadataProblem(sourceOf('binary'), ['binary'], what, 'name a binary of the package'));
    return undefined;
  }
  const preferred = [cargo.defaultRun, cargo.name].find(
    (name) => name !== undefined && binaries.includes(name),
  );
  if (preferred !== undefined || binaries.length === 1) return preferred ?? binaries[0];
  const what =
    binaries.length === 0
      ? 'it is called a service, but every build makes no binary of it'
      : `which of the binaries ${binaries.join(', ')} is the service?`;
  const fix =
    binaries.length === 0
      ? 'add src/main.rs, or say `service = false` in [package.metadata.rust-platform]'
      : `add \`binary = "${binaries[0]}"\` to [package.metadata.rust-platform], or \`service = false\``;
  problems.push(metadataProblem(sourceOf('binary'), [], what, fix));
  return undefined;
}

function portSource({ metadata, sourceOf }: CrateDraft): RustService['portSource'] {
  if (metadata.port === undefined) return 'name';
  return sourceOf('port').file === 'nx.json' ? 'options' : 'metadata';
}

function migrationsOf(draft: CrateDraft, files: CrateFiles, problems: ModelProblem[]): string | undefined {
  const { metadata, evidence } = draft;
  if (metadata.migrations === false) return undefined;
  if (metadata.migrations === undefined) return evidence.migrations && inCrate(draft, evidence.migrations);
  return existing(draft, 'migrations', metadata.migrations, files, problems);
}

function scenariosOf(draft: CrateDraft, files: CrateFiles, problems: ModelProblem[]): string | undefined {
  const { metadata, evidence } = draft;
  if (metadata.scenarios === undefined) return evidence.scenarios && inCrate(draft, evidence.scenarios);
  return existing(draft, 'scenarios', metadata.scenarios, files, problems);
}

function apiTestsOf(draft: CrateDraft, files: CrateFiles, problems: ModelProblem[]): string[] {
  const { metadata, evidence } = draft;
  if (metadata.apiTests === undefined) return evidence.apiTests.map((file) => inCrate(draft, file));
  const folder = existing(draft, 'api-tests', metadata.apiTests, files, problems);
  return folder === undefined ? [] : files.httpFiles(folder);
}

function existing(
  draft: CrateDraft,
  key: string,
  path: string,
  files: CrateFiles,
  problems: ModelProblem[],
): string | undefined {
  const place = inCrate(draft, path);
  if (!place.startsWith('..') && files.exists(place)) return place;
  const what = `${place} does not exist in this repository`;
  problems.push(
    metadataProblem(draft.sourceOf(key), [key], what, 'correct the path: it is relative to the crate'),
  );
  return undefined;
}
