import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeObservedInputs, readObservedInputs } from '../../cargo/learned-inputs-observed';
import { run } from '../../process/run';
import { writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(60_000);

const CLI = join(__dirname, '../../testing/run-cli.ts');
const TYPESCRIPT = join(__dirname, '../../testing/register-typescript.cjs');
const UNSEEN = 'services/app/src/main.rs: include_str!(NAME) names no path that can be read off';
const UNKNOWABLE = 'services/base/build.rs: nothing tells what the program make reads';

describe('rust-platform learn', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('learn');
    await writeCargoWorkspace(folder.path, {
      files: { 'shared/a.txt': '', 'shared/b.txt': '' },
      crates: {
        app: { 'src/main.rs': 'fn main() { include_str!(NAME); }' },
        base: { 'src/lib.rs': '', 'build.rs': 'fn main() { Command::new("make"); }' },
      },
    });
  });
  afterEach(() => folder.remove());

  const state = () => join(folder.path, '.rust-platform');
  const learn = async (...args: string[]) => {
    const words = ['--require', TYPESCRIPT, CLI, 'learn', ...args];
    const { exitCode, stdout, stderr } = await run(process.execPath, words, { cwd: folder.path });
    return { exitCode, output: stdout + stderr };
  };
  const file = () => readFile(join(folder.path, 'rust-inputs.json'), 'utf8').catch(() => undefined);
  const observe = () =>
    writeObservedInputs(state(), {
      app: {
        files: ['shared/b.txt', 'shared/gone.txt', 'shared/a.txt'],
        environment: ['FLAVOUR'],
        settles: [UNSEEN],
      },
      base: { files: ['.git'], environment: [], settles: ['of a source that has changed'] },
    });

  it('says what is not settled and how to observe it', async () => {
    expect(await learn()).toEqual({
      exitCode: 0,
      output: `no build has observed anything that is not declared
not settled, so that no result of it is kept:
  app: ${UNSEEN}
    to observe it: nx run app:build, then rust-platform learn app
  base: ${UNKNOWABLE}
    no build can tell: name in rust-inputs.json what it reads, and this line in its settles
`,
    });
    expect(await file()).toBeUndefined();
  });

  it('takes over what was observed and still holds, once', async () => {
    observe();
    const { exitCode, output } = await learn();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain(`rust-inputs.json: added
  app: file shared/a.txt
  app: file shared/b.txt
  app: variable FLAVOUR
  app: settled ${UNSEEN}
  base: the state of git
not settled`);
    expect(output).toContain('commit rust-inputs.json');
    const written = await file();
    expect(JSON.parse(written ?? '')).toEqual({
      schemaVersion: 1,
      crates: {
        app: { files: ['shared/a.txt', 'shared/b.txt'], environment: ['FLAVOUR'], settles: [UNSEEN] },
        base: { files: ['.git'], environment: [], settles: [] },
      },
    });
    expect(readObservedInputs(state())).toEqual({});
    observe();
    await learn();
    expect(await file()).toBe(written);
  });

  it('takes over for the crates named only', async () => {
    observe();
    await learn('base');
    expect(await file()).toContain('.git');
    expect(await file()).not.toContain('shared');
    expect(Object.keys(readObservedInputs(state()))).toEqual(['app']);
  });

  it('--check fails and changes nothing while something is not declared', async () => {
    observe();
    const { exitCode, output } = await learn('--check');
    expect({ exitCode, output }).toMatchObject({ exitCode: 1 });
    expect(output).toContain('rust-inputs.json does not hold:\n  app: file shared/a.txt');
    expect(await file()).toBeUndefined();
    await learn();
    expect(await learn('--check')).toMatchObject({ exitCode: 0 });
  });

  it('answers in JSON', async () => {
    observe();
    const { output } = await learn('--json', '--check', 'app');
    expect(JSON.parse(output)).toEqual({
      schemaVersion: 1,
      added: {
        app: { files: ['shared/a.txt', 'shared/b.txt'], environment: ['FLAVOUR'], settles: [UNSEEN] },
      },
      unsettled: [],
    });
  });

  it('refuses a crate that is not there, and a file that is not valid', async () => {
    expect(await learn('ap')).toMatchObject({
      exitCode: 2,
      output: expect.stringContaining('did you mean app?'),
    });
    await writeFiles(folder.path, { 'rust-inputs.json': '{\n"schemaVersion": 1,\n"crates": 1}' });
    const { exitCode, output } = await learn();
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
    expect(output).toContain('error[learned-inputs-invalid]: rust-inputs.json:3 holds something else');
  });
});
