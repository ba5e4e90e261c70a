import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProjectConfiguration } from '@nx/devkit';
import { listManifests } from '../cargo/list-manifests';
import { inferProjects } from '../plugin/create-nodes';
import type { AffectedRequest } from '../plugin/selection/affected-request';
import { compareWithBase } from '../plugin/selection/compare-with-base';
import { GUARD } from '../plugin/selection/guards';
import type { Selection, SelectionRequest } from '../plugin/selection/selection';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder';
import { binary, library, writeFiles } from './write-files';

const ROOT = '[workspace]\nresolver = "2"\nmembers = ["app", "kit", "tool", "web"]\n';
const LOCK = `version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["kit", "serde"]

[[package]]
name = "kit"
version = "0.1.0"
dependencies = ["leaf"]

[[package]]
name = "leaf"
version = "1.0.0"
source = "registry+https://example.org/index"

[[package]]
name = "proptest"
version = "1.0.0"
source = "registry+https://example.org/index"

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://example.org/index"

[[package]]
name = "tool"
version = "0.1.0"
dependencies = ["proptest"]

[[package]]
name = "web"
version = "0.1.0"
`;
const PLATFORM: Record<string, string> = {
  '.gitignore': 'node_modules\n.nx\n',
  'package.json': '{ "devDependencies": { "rust-platform-plugin": "1.0.0", "other": "1.0.0" } }\n',
  'package-lock.json': `{ "packages": { "node_modules/rust-platform-plugin": { "version": "1.0.0" }, "node_modules/other": { "version": "1.0.0" } } }`,
  'docs/terms.md': 'terms',
  'rust/Cargo.toml': `${ROOT}[workspace.dependencies]\nserde = "1"\nunused = "1"\n`,
  'rust/Cargo.lock': LOCK,
  ...binary('rust/app', 'app', '[dependencies]\nkit = { path = "../kit" }\nserde = { workspace = true }'),
  ...library('rust/kit', 'kit', '[dependencies]\nleaf = "1"'),
  'rust/kit/src/lib.rs': 'pub const TERMS: &str = include_str!("../../../docs/terms.md");\n',
  'rust/kit/README.md': 'kit',
  ...library('rust/tool', 'tool', '[dev-dependencies]\nproptest = "1"'),
  ...binary(
    'rust/web',
    'web',
    '[package.metadata.rust-platform]\nservice = true\nport = 8080\nhealth = "/health"',
  ),
  'rust/web/api/a.http': 'GET /\n',
  ...library('alone', 'alone'),
  'alone/Cargo.lock': 'version = 4\n\n[[package]]\nname = "alone"\nversion = "0.1.0"\n',
};

type Since = Extract<AffectedRequest, { kind: 'since' }>;
export type Projects = Record<string, ProjectConfiguration>;

/** A git repository with two Cargo workspaces, whose first commit is what later states are compared with. */
export class SelectionRepository {
  base = '';

  private constructor(private readonly folder: TemporaryFolder) {}

  static async create(): Promise<SelectionRepository> {
    const repository = new SelectionRepository(await temporaryFolder('selection'));
    await repository.git('init', '-q', '-b', 'main');
    await repository.write(PLATFORM);
    await repository.commit();
    return repository;
  }

  get path(): string {
    return this.folder.path;
  }

  remove(): Promise<void> {
    return this.folder.remove();
  }

  write(files: Record<string, string>): Promise<void> {
    return writeFiles(this.path, files);
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const place = join(this.path, file);
    await writeFile(place, change(await readFile(place, 'utf8')));
  }

  /** From now on this state is the base. */
  async commit(): Promise<void> {
    await this.git('add', '-A');
    await this.git('commit', '-q', '--allow-empty', '-m', 'x');
    this.base = await this.git('rev-parse', 'HEAD');
  }

  since(more: Partial<Since> = {}): Since {
    const nothing = { head: undefined, uncommitted: false, excludesDependencies: false, byProject: false };
    return { kind: 'since', base: this.base, ...nothing, ...more };
  }

  /** The projects as createNodes gives them to Nx, when it is asked for what changed since the base. */
  async infer(
    select = (request: SelectionRequest): Promise<Selection> => compareWithBase(this.since(), request),
  ): Promise<Projects> {
    const context = { workspaceRoot: this.path, nxJsonConfiguration: {} };
    const results = await inferProjects(listManifests(this.path), undefined, context, select);
    const all = results.flatMap(([, { projects = {} }]) => Object.values(projects));
    return Object.fromEntries(all.map((one) => [one.name ?? '', one as ProjectConfiguration]));
  }

  private async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=spec', '-c', 'user.email=spec@localhost'];
    const { stdout } = await promisify(execFile)('git', [...identity, ...args], { cwd: this.path });
    return stdout.trim();
  }
}

/** Tasks that depend on the guard, sorted: `app:build`, … */
export function selectedTasks(projects: Projects): string[] {
  const tasks = Object.entries(projects).flatMap(([name, { targets = {} }]) =>
    Object.entries(targets)
      .filter(([, { dependsOn = [] }]) => JSON.stringify(dependsOn).includes(GUARD))
      .map(([target]) => `${name}:${target}`),
  );
  return tasks.sort();
}
