import { loadServiceModel } from '../../service-model/load-service-model';
import { DEFAULT_OPTIONS } from '../../service-model/platform-options';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { compileInputs } from './compile-inputs';

describe('compileInputs', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('inputs');
    await writeCargoWorkspace(folder.path, {
      files: { 'shared/a.txt': '1' },
      crates: {
        app: {
          'Cargo.toml': crateManifest('app', '[dependencies]\nmac = { path = "../mac" }\n'),
          'src/main.rs': 'fn main() { include_str!("../../../shared/a.txt"); option_env!("FLAVOUR"); }',
          'assets/x.json': '1',
          'README.md': '1',
        },
        mac: { 'Cargo.toml': crateManifest('mac', '[lib]\nproc-macro = true\n'), 'src/lib.rs': '' },
        other: { 'src/main.rs': 'fn main() {}' },
      },
    });
  });
  afterEach(() => folder.remove());

  const write = (files: Record<string, string>) => writeFiles(folder.path, files);
  async function inputs(env: NodeJS.ProcessEnv = {}) {
    const model = await loadServiceModel({ workspaceRoot: folder.path, options: DEFAULT_OPTIONS });
    const crates = model.crates.filter(({ project }) => project === 'app');
    return compileInputs({ workspaceRoot: folder.path, model, crates, env });
  }
  /** Folders of the crates whose inputs differ. */
  async function changedBy(change: () => Promise<unknown>, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
    const before = await inputs();
    await change();
    const after = await inputs(env);
    return Object.keys(after).filter((root) => JSON.stringify(after[root]) !== JSON.stringify(before[root]));
  }

  it('are those of the crate and of what it is compiled from', async () => {
    expect(Object.keys(await inputs()).sort()).toEqual(['*', 'services/app', 'services/mac']);
    expect(await changedBy(() => write({ 'shared/a.txt': '2' }))).toEqual(['services/app']);
    expect(await changedBy(() => Promise.resolve(), { FLAVOUR: 'x' })).toEqual(['services/app']);
  });

  it('leave own sources to cargo, and everything that no compiler reads', async () => {
    const change = () =>
      write({
        'services/app/src/a.rs': '',
        'services/app/assets/x.json': '2',
        'services/app/README.md': '2',
      });
    expect(await changedBy(change)).toEqual([]);
  });

  it('hold the files of a crate where a macro of the repository reads files', async () => {
    await write({ 'services/mac/src/lib.rs': 'fn x() { std::fs::read("assets/x.json"); }' });
    expect(await changedBy(() => write({ 'services/app/assets/x.json': '2' }))).toEqual(['services/app']);
  });

  it('differ each time where nobody knows what a macro reads', async () => {
    await write({ 'services/mac/src/lib.rs': 'fn x(name: &str) { std::fs::read(name); }' });
    expect(await changedBy(() => Promise.resolve())).toEqual(['services/mac']);
  });

  it('hold the state of git for a crate that asks it', async () => {
    const commit = (id: string) =>
      write({ '.git/HEAD': `${id.repeat(40)}\n`, '.git/objects/x': '', '.git/refs/x': '' });
    await commit('1');
    await write({
      'services/app/build.rs':
        'fn main() { Command::new("git"); println!("cargo:rerun-if-changed=build.rs"); }',
    });
    expect(await changedBy(() => commit('2'))).toEqual(['services/app']);
  });

  it('hold files of flags, wherever they are given', async () => {
    await write({
      'services/flags': '1',
      'services/more': '1',
      'services/.cargo/config.toml': '[build]\nrustflags = ["@more"]\n',
    });
    expect(Object.keys((await inputs({ RUSTFLAGS: '@flags' }))['*'] ?? {})).toEqual(['@flags', '@more']);
    expect(await changedBy(() => write({ 'services/more': '2' }))).toEqual(['*']);
  });

  it('hold what sqlx asks, and never stay the same for a live database', async () => {
    await write({ 'services/app/src/main.rs': 'fn main() { sqlx::query!("select 1"); }' });
    expect(await changedBy(() => Promise.resolve())).toEqual([]);
    expect(await changedBy(() => write({ 'services/.env': 'DATABASE_URL=postgres://x\n' }))).toEqual([
      'services/app',
    ]);
    expect(await changedBy(() => Promise.resolve())).toEqual(['services/app']);
    await write({ 'services/.sqlx/query-1.json': '{}' });
    expect(await changedBy(() => Promise.resolve())).toEqual([]);
    expect(await changedBy(() => write({ 'services/.sqlx/query-1.json': '{ }' }))).toEqual(['services/app']);
  });
});
