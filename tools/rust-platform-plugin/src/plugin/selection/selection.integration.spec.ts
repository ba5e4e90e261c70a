import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectedTasks, SelectionRepository } from '../../testing/selection-repository';
import { library } from '../../testing/write-files';
import { GUARD } from './guards';

jest.setTimeout(60_000);

let repository: SelectionRepository;
beforeEach(async () => {
  repository = await SelectionRepository.create();
});
afterEach(() => repository.remove());

const TESTED = ['test', 'clippy', 'check', 'lint-rust'];
const BUILT = ['build', ...TESTED];
const of = (project: string, targets: string[]) => targets.map((target) => `${project}:${target}`);
const bump = (name: string) => (text: string) =>
  text.replace(`name = "${name}"\nversion = "1.0.0"`, `name = "${name}"\nversion = "1.0.1"`);

describe('what nx affected selects', () => {
  test('nothing while nothing has changed, and nothing for other files', async () => {
    expect(selectedTasks(await repository.infer())).toEqual([]);
    await repository.write({ 'docs/other.md': 'x', 'app.js': '1', 'rust/kit/README.md': 'better' });
    expect(selectedTasks(await repository.infer())).toEqual([]);
  });

  test.each([
    ['serde', of('app', [...BUILT, 'audit'])],
    ['leaf', [...of('app', [...BUILT, 'audit']), ...of('kit', [...BUILT, 'audit'])]],
    ['proptest', of('tool', [...TESTED, 'audit'])],
  ])('another version of %s: what is built or tested with it', async (name, expected) => {
    await repository.edit('rust/Cargo.lock', bump(name));
    expect(selectedTasks(await repository.infer())).toEqual(expected.sort());
  });

  test.each([
    ['a lock in another layout', 'rust/Cargo.lock', (text: string) => `# comment\n${text}\n`],
    ['a comment in the root manifest', 'rust/Cargo.toml', (text: string) => `# comment\n${text}`],
    [
      'an entry that nobody uses',
      'rust/Cargo.toml',
      (text: string) => text.replace('unused = "1"', 'unused = "2"'),
    ],
    [
      'another npm package',
      'package-lock.json',
      (text: string) => text.replace('other": { "version": "1', 'other": { "version": "2'),
    ],
    [
      'what an npm package asks for',
      'package.json',
      (text: string) => text.replace('"other": "1', '"other": "2'),
    ],
  ])('%s: nothing', async (_, file, change) => {
    await repository.edit(file, change);
    expect(selectedTasks(await repository.infer())).toEqual([]);
  });

  test('what another crate publishes: the lints that judge all members by it, and nothing else', async () => {
    const published = (text: string) => text.replace('[package]\n', '[package]\nkeywords = ["x"]\n');
    await repository.edit('rust/kit/Cargo.toml', published);
    expect(selectedTasks(await repository.infer())).toEqual([]);
    await repository.edit('rust/app/src/main.rs', (text) => `#![warn(clippy::cargo)]\n${text}`);
    await repository.commit();
    await repository.edit('rust/kit/Cargo.toml', (text) => text.replace('"x"', '"y"'));
    expect(selectedTasks(await repository.infer())).toEqual(
      of('app', ['check', 'clippy', 'lint-rust']).sort(),
    );
  });

  test('a profile: the results that are compiled with it, in this workspace only', async () => {
    await repository.edit('rust/Cargo.toml', (text) => `${text}[profile.release]\nlto = true\n`);
    const found = selectedTasks(await repository.infer());
    expect(found).toEqual(
      expect.arrayContaining([
        'app:build',
        'kit:build',
        'tool:build',
        'web:build',
        'web:test-api',
        'web:testing',
      ]),
    );
    expect(
      found.filter((task) => /^alone:|:(test|clippy|check|lint-rust|audit|rustfmt)$/.test(task)),
    ).toEqual([]);
  });

  test('a manifest: the crate and those that depend on it', async () => {
    await repository.edit('rust/kit/Cargo.toml', (text) => `${text}[features]\nextra = []\n`);
    expect(selectedTasks(await repository.infer())).toEqual(
      [...of('app', BUILT), ...of('kit', BUILT)].sort(),
    );
  });

  test('an inherited edition: the format too', async () => {
    await repository.edit('rust/tool/Cargo.toml', (text) =>
      text.replace('edition = "2021"', 'edition.workspace = true'),
    );
    await repository.edit('rust/Cargo.toml', (text) => `${text}[workspace.package]\nedition = "2021"\n`);
    await repository.commit();
    await repository.edit('rust/Cargo.toml', (text) => text.replace('edition = "2021"', 'edition = "2024"'));
    expect(selectedTasks(await repository.infer())).toEqual(of('tool', [...BUILT, 'rustfmt']).sort());
  });

  test('a file that a source includes: the crate and those that depend on it', async () => {
    await writeFile(join(repository.path, 'docs/terms.md'), 'other terms');
    const projects = await repository.infer();
    expect(selectedTasks(projects)).toEqual([...of('app', BUILT), ...of('kit', BUILT)].sort());
    expect(projects['app']?.targets?.[GUARD]?.inputs).toContain('{workspaceRoot}/docs/terms.md');
  });

  test('learned inputs: the crate whose entry changed and those that depend on it', async () => {
    const file = (files: string[]) =>
      JSON.stringify({ schemaVersion: 1, crates: { kit: { files, environment: [], settles: [] } } });
    await repository.write({ 'rust-inputs.json': file(['docs/terms.md']) });
    expect(selectedTasks(await repository.infer())).toEqual(
      [...of('app', BUILT), ...of('kit', BUILT)].sort(),
    );
  });

  test('cargo configuration: whoever it counts for, also when it is gone', async () => {
    await repository.write({ 'alone/.cargo/config.toml': '[build]\nrustflags = ["-g"]\n' });
    const expected = of('alone', BUILT).sort();
    expect(selectedTasks(await repository.infer())).toEqual(expected);
    await repository.commit();
    await rm(join(repository.path, 'alone/.cargo'), { recursive: true });
    expect(selectedTasks(await repository.infer())).toEqual(expect.arrayContaining(expected));
  });

  test.each([
    ['package.json', 'plugin": "1', 'plugin": "2'],
    ['package-lock.json', 'plugin": { "version": "1', 'plugin": { "version": "2'],
  ])('another version of the plugin in %s: everything', async (file, from, to) => {
    await repository.edit(file, (text) => text.replace(from, to));
    const found = selectedTasks(await repository.infer());
    for (const name of ['app', 'kit', 'tool', 'alone']) {
      expect(found).toEqual(expect.arrayContaining(of(name, [...BUILT, 'rustfmt'])));
    }
  });

  test('metadata of a service: its API tests and no build', async () => {
    await repository.edit('rust/web/Cargo.toml', (text) => `${text}args = ["--fast"]\n`);
    expect(selectedTasks(await repository.infer())).toEqual(
      expect.arrayContaining(['web:test-api', 'web:testing']),
    );
    expect(selectedTasks(await repository.infer())).not.toContain('web:build');
  });

  test('a new crate and a state that cannot be read: everything of the crates concerned', async () => {
    await repository.write(library('rust/extra', 'extra'));
    await repository.edit('rust/Cargo.toml', (text) => text.replace('"web"', '"web", "extra"'));
    expect(selectedTasks(await repository.infer()).filter((task) => !task.startsWith('extra:'))).toEqual([]);
    expect(selectedTasks(await repository.infer())).toContain('extra:build');
    await writeFile(join(repository.path, 'rust/Cargo.lock'), '<<<<<<< ours\n');
    const found = selectedTasks(await repository.infer());
    expect(found).toEqual(
      expect.arrayContaining(['app:build', 'kit:test', 'tool:lint-rust', 'web:test-api']),
    );
    expect(found.filter((task) => task.startsWith('alone:'))).toEqual([]);
  });
});
