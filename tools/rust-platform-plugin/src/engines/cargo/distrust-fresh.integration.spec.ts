import { stat, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFiles } from '../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import type { CargoSetup } from './cargo-setup';
import { distrustFresh, type CompileInputs } from './distrust-fresh';

const OLD = new Date('2020-01-01T00:00:00Z');

describe('distrustFresh', () => {
  let folder: TemporaryFolder;
  let setup: CargoSetup;

  beforeEach(async () => {
    folder = await temporaryFolder('fresh');
    const root = folder.path;
    await writeFiles(root, {
      'services/links/Cargo.toml': '',
      'services/links/src/main.rs': 'fn main() {}',
      'services/links/src/inner.rs': '',
      'services/links/nested/Cargo.toml': '',
      'services/links/nested/src/lib.rs': '',
      'services/links/target/debug/build/out.rs': '',
    });
    const crate = {
      root: 'services/links',
      packageName: 'links',
      targetDirectory: join(root, 'services/target'),
    };
    setup = { workspaceRoot: root, crate } as CargoSetup;
    await age();
    await seen();
  });
  afterEach(() => folder.remove());

  const FILES = ['src/main.rs', 'src/inner.rs', 'nested/src/lib.rs', 'target/debug/build/out.rs'];
  const path = (name: string): string => join(folder.path, 'services/links', name);

  async function age(): Promise<void> {
    for (const name of FILES) await utimes(path(name), OLD, OLD);
  }

  /** Files that cargo will notice from now on. */
  async function touched(command = 'build', inputs?: CompileInputs): Promise<string[]> {
    await (await distrustFresh({ ...setup, inputs }, command)).remember();
    const times = await Promise.all(
      FILES.map(async (name) => ({ name, time: (await stat(path(name))).mtimeMs })),
    );
    return times.filter(({ time }) => time !== OLD.getTime()).map(({ name }) => name);
  }

  async function seen(): Promise<void> {
    expect(await touched()).toEqual([]);
  }

  it('touches nothing when nothing changed', async () => {
    expect(await touched()).toEqual([]);
  });

  it('touches a source with other content and an old time, and only that', async () => {
    await writeFiles(folder.path, { 'services/links/src/inner.rs': 'pub fn new() {}' });
    await utimes(path('src/inner.rs'), OLD, OLD);
    expect(await touched()).toEqual(['src/inner.rs']);
  });

  it.each([
    'services/links/migrations/1_init.sql',
    'services/links/.sqlx/query-1.json',
    'services/.sqlx/query-1.json',
    'services/links/sqlx.toml',
  ])('touches the sources of the crate when %s is new, and once only', async (name) => {
    await writeFiles(folder.path, { [name]: '' });
    expect(await touched()).toEqual(['src/main.rs', 'src/inner.rs']);
    await age();
    expect(await touched()).toEqual([]);
  });

  it.each(['services/clippy.toml', '.clippy.toml', 'services/links/clippy.toml'])(
    'touches the sources of the crate when %s is new, for clippy alone',
    async (name) => {
      expect(await touched('clippy')).toEqual([]);
      await writeFiles(folder.path, { [name]: '' });
      expect(await touched('clippy')).toEqual(['src/main.rs', 'src/inner.rs']);
      await age();
      expect(await touched('clippy')).toEqual([]);
      expect(await touched('build')).toEqual([]);
    },
  );

  it('leaves to whoever knows them what the untracked inputs are', async () => {
    const root = 'services/links';
    expect(await touched('test', { [root]: { a: '1' } })).toEqual([]);
    await writeFiles(folder.path, { 'services/links/migrations/1_init.sql': '' });
    expect(await touched('test', { [root]: { a: '1' }, other: { b: '1' } })).toEqual([]);
    expect(await touched('test', { [root]: { a: '2' } })).toEqual(['src/main.rs', 'src/inner.rs']);
  });

  it('takes no notice of files that no compiler reads', async () => {
    await writeFiles(folder.path, {
      'services/links/README.md': '',
      'services/links/nested/clippy.toml': '',
    });
    expect(await touched()).toEqual([]);
  });

  it('has a memory for each command, and touches nothing where it has none', async () => {
    await writeFiles(folder.path, { 'services/links/sqlx.toml': '' });
    expect(await touched('test')).toEqual([]);
    expect(await touched('build')).toEqual(['src/main.rs', 'src/inner.rs']);
  });

  it('follows links to sources, and not in circles', async () => {
    await symlink('../nested/src', path('src/linked'));
    await symlink('..', path('src/up'));
    await seen();
    await writeFiles(folder.path, { 'services/links/nested/src/lib.rs': 'pub fn new() {}' });
    await utimes(path('nested/src/lib.rs'), OLD, OLD);
    expect(await touched()).toEqual(['nested/src/lib.rs']);
  });
});
