import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { cargoEnvironment } from './cargo-environment';
import type { CargoSetup } from './cargo-setup';

describe('cargoEnvironment', () => {
  let folder: TemporaryFolder;
  let setup: CargoSetup;
  const before = process.env['CARGO_TERM_COLOR'];

  beforeEach(async () => {
    delete process.env['CARGO_TERM_COLOR'];
    folder = await temporaryFolder('environment');
    setup = {
      workspaceRoot: folder.path,
      crate: { root: 'services/links', cargoRoot: 'services' },
    } as CargoSetup;
  });
  afterEach(async () => {
    if (before !== undefined) process.env['CARGO_TERM_COLOR'] = before;
    await folder.remove();
  });

  it('adds the colour and nothing else', async () => {
    expect(await cargoEnvironment(setup)).toEqual({ CARGO_TERM_COLOR: 'never' });
    expect(await cargoEnvironment({ ...setup, colour: true })).toEqual({ CARGO_TERM_COLOR: 'always' });
    process.env['CARGO_TERM_COLOR'] = 'auto';
    expect(await cargoEnvironment({ ...setup, colour: true })).toEqual({ CARGO_TERM_COLOR: 'auto' });
    delete process.env['CARGO_TERM_COLOR'];
  });

  it.each(['services/links/.sqlx', 'services/.sqlx'])(
    'keeps sqlx off the database when there is %s',
    async (path) => {
      await mkdir(join(folder.path, path), { recursive: true });
      expect(await cargoEnvironment(setup)).toMatchObject({ SQLX_OFFLINE: 'true' });
    },
  );

  it('lets the caller decide', async () => {
    const env = { CARGO_TERM_COLOR: 'always', RUSTC_WRAPPER: undefined };
    expect(await cargoEnvironment({ ...setup, env })).toEqual(env);
  });
});
