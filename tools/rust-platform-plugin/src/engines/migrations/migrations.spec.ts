import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { locate } from './migration-failed';
import { migrationLockKey } from './migration-lock';
import { planMigrations } from './plan-migrations';
import { readMigrations, type MigrationFile } from './read-migrations';

describe('migrationLockKey', () => {
  it.each([
    // Seen in pg_locks while sqlx 0.9 waited for it: classid 840276476, objid 3291260112.
    ['links', (840276476n << 32n) | 3291260112n],
    // The check value of CRC-32/ISO-HDLC: 0xcbf43926 for "123456789".
    ['123456789', 0x3d32ad9en * 0xcbf43926n],
    ['', 0n],
  ])('of %s is what sqlx takes', (database, key) => {
    expect(migrationLockKey(database)).toBe(key);
  });

  it('fits 64 bits with the largest checksum', () => {
    expect(0x3d32ad9en * 0xffffffffn < 2n ** 63n).toBe(true);
  });
});

describe('readMigrations', () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = await temporaryFolder('read-migrations');
  });
  afterEach(() => folder.remove());

  async function read(files: Record<string, string | Buffer>) {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
    return readMigrations(folder.path);
  }

  it.each([
    ['1_init.sql', 1n, 'init', 'simple'],
    ['0007_two_words.sql', 7n, 'two words', 'simple'],
    ['20240101120000_add-name.up.sql', 20240101120000n, 'add-name', 'up'],
    ['20240101120000_add-name.down.sql', 20240101120000n, 'add-name', 'down'],
    ['+3_plus.sql', 3n, 'plus', 'simple'],
    ['9223372036854775807_last__one_.sql', 9223372036854775807n, 'last  one ', 'simple'],
    // Rust's trim_end_matches takes the ending away as often as it occurs.
    ['4_odd.sql.sql', 4n, 'odd', 'simple'],
    ['5_odd.up.sql.up.sql', 5n, 'odd', 'up'],
    ['6_.sql', 6n, '', 'simple'],
  ])('%s', async (name, version, description, kind) => {
    const { migrations } = await read({ [name]: 'SELECT 1' });
    expect(migrations).toMatchObject([{ version, description, kind, file: join(folder.path, name) }]);
  });

  it('hashes the bytes and sees -- no-transaction only at the very start', async () => {
    const text = '\ufeff-- no-transaction\r\nSELECT 1;\r\n';
    const { migrations } = await read({ '1_bom.sql': text, '2_plain.sql': '-- no-transaction at all' });
    expect(migrations.map(({ transactional }) => transactional)).toEqual([true, false]);
    expect(migrations[0]?.checksum).toEqual(createHash('sha384').update(Buffer.from(text)).digest());
    expect(migrations[0]?.sql).toBe(text);
  });

  it('sorts by number, not by name, and passes over what sqlx passes over', async () => {
    await mkdir(join(folder.path, '3_folder.sql'));
    const { migrations, ignored } = await read({
      '10_b.sql': '',
      '9_a.sql': '',
      'README.md': '',
      'seed.sql': '',
      '1_x.txt': '',
    });
    expect(migrations.map(({ version }) => version)).toEqual([9n, 10n]);
    expect(ignored).toEqual(['seed.sql']);
  });

  it.each([
    [{ 'first_table.sql': '' }, 'migration-name'],
    [{ '9223372036854775808_too_large.sql': '' }, 'migration-name'],
    [{ '1_latin.sql': Buffer.from([0x53, 0xe4]) }, 'migration-encoding'],
    [{ '1_a.sql': '', '01_b.sql': '' }, 'migration-duplicate'],
    [{ '1_a.sql': '', '1_b.up.sql': '' }, 'migration-duplicate'],
  ])('refuses %j as %s', async (files, code) => {
    await expect(read(files)).rejects.toMatchObject({ code, exitCode: 2 });
  });

  it('names a folder that is not there', async () => {
    await expect(readMigrations(join(folder.path, 'none'))).rejects.toMatchObject({
      code: 'migrations-missing',
    });
  });
});

describe('planMigrations', () => {
  const file = (version: bigint, kind: MigrationFile['kind'] = 'simple'): MigrationFile => ({
    version,
    description: `m ${version}`,
    kind,
    file: `/m/${version}_m.sql`,
    sql: '',
    checksum: Buffer.from([Number(version)]),
    transactional: true,
  });
  const row = (version: bigint) => ({
    version,
    description: 'm',
    checksum: Buffer.from([Number(version)]),
    success: true,
  });
  const codeOf = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('takes what is newer, without down files', () => {
    const plan = planMigrations(
      [file(1n, 'up'), file(1n, 'down'), file(2n, 'up'), file(2n, 'down')],
      [row(1n)],
    );
    expect(plan.pending.map(({ version, kind }) => [version, kind])).toEqual([[2n, 'up']]);
    expect(plan.alreadyApplied).toBe(1);
  });

  it.each([
    ['migration-missing', [file(2n)], [row(1n)]],
    ['migration-edited', [{ ...file(1n), checksum: Buffer.from('x') }], [row(1n)]],
    ['migration-out-of-order', [file(1n), file(2n)], [row(2n)]],
    ['migration-dirty', [file(1n)], [{ ...row(1n), success: false }]],
  ])('%s', (code, files, rows) => {
    expect(codeOf(() => planMigrations(files, rows))).toBe(code);
  });
});

describe('locate', () => {
  it('counts characters, and shows the line with a caret', () => {
    expect(locate('a\n🦀é x\r\nb', 6)).toEqual({ line: 2, column: 4, excerpt: '2 | 🦀é x\n       ^' });
    expect(locate('x', 1)).toMatchObject({ line: 1, column: 1 });
  });
});
