import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ingredient, KeyRecord } from './key-record';
import { readKeptLock, readKeyRecord, writeKeyRecord } from './key-record-file';
import { keysDirectory } from './key-record-folder';
import { readRunInputs, writeRunInputs, type HashedTask } from './run-record-inputs';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rp-keys-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
const one = (group: Ingredient['group'], name: string, value: string): Ingredient => ({ group, name, value });
function record(...ingredients: Ingredient[]): KeyRecord {
  return {
    schemaVersion: 1,
    parts: { all: ingredients },
    keys: { 'app:build': ['all'] },
    locks: { '.': '' },
  };
}
const names = () => readdir(keysDirectory(root));

describe('writeKeyRecord', () => {
  it('is named by its content and written once', async () => {
    await writeFile(join(root, 'Cargo.lock'), 'version = 4\n');
    const first = await writeKeyRecord(root, record(one('source', 'a.rs', '1')));
    const file = join(keysDirectory(root), `${first}.json`);
    const { ino } = await stat(file);
    const past = new Date(Date.now() - 60_000);
    await utimes(file, past, past);
    expect(await writeKeyRecord(root, record(one('source', 'a.rs', '1')))).toBe(first);
    const again = await stat(file);
    expect(again.ino).toBe(ino);
    // Its age says when a run has named it last.
    expect(again.mtimeMs).toBeGreaterThan(past.getTime());
    expect(await writeKeyRecord(root, record(one('source', 'a.rs', '2')))).not.toBe(first);
    expect((await names()).filter((name) => name.endsWith('.json'))).toHaveLength(2);
  });

  it('keeps the text of each lock beside', async () => {
    await writeFile(join(root, 'Cargo.lock'), 'version = 4\n');
    const kept = await readKeyRecord(root, await writeKeyRecord(root, record()));
    expect(await readKeptLock(root, kept?.locks['.'] ?? '')).toBe('version = 4\n');
    await rm(join(root, 'Cargo.lock'));
    expect((await readKeyRecord(root, await writeKeyRecord(root, record())))?.locks).toEqual({});
  });

  it('holds nothing that a short secret could be guessed from', async () => {
    const secret = sha('1234');
    const config = one('config', '.cargo/config.toml [env] TOKEN', secret);
    const id = await writeKeyRecord(root, record(one('environment', 'PIN', secret), config));
    const texts = await Promise.all(
      (await names()).map((name) => readFile(join(keysDirectory(root), name), 'utf8')),
    );
    expect(texts.join()).not.toContain(secret);
    const salt = join(keysDirectory(root), 'salt');
    expect((await stat(salt)).mode & 0o777).toBe(0o600);
    const expected = createHmac('sha256', await readFile(salt))
      .update(secret)
      .digest('hex')
      .slice(0, 32);
    expect((await readKeyRecord(root, id))?.parts['all']?.map(({ value }) => value)).toEqual([
      expected,
      expected,
    ]);
  });

  it('is the same for two runs at once, whichever makes the secret', async () => {
    const ids = await Promise.all(
      [1, 2, 3, 4].map(() => writeKeyRecord(root, record(one('environment', 'A', 'x')))),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await names()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('does not tell runs apart by what is new in every one of them', async () => {
    const nonce = (value: string) => record(one('unverified', 'build.rs reads what nobody knows', value));
    expect(await writeKeyRecord(root, nonce('1'))).toBe(await writeKeyRecord(root, nonce('2')));
  });

  it('shows what is no hash, also that a variable is not set', async () => {
    const shown = [
      one('environment', 'CC', 'not set'),
      one('tool', 'rustc', '1.95.0'),
      one('source', 'a.rs', sha('a')),
    ];
    expect((await readKeyRecord(root, await writeKeyRecord(root, record(...shown))))?.parts['all']).toEqual(
      shown,
    );
  });

  it('a record of another version is none', async () => {
    const id = await writeKeyRecord(root, { ...record(), schemaVersion: 2 as 1 });
    expect(await readKeyRecord(root, id)).toBeUndefined();
    expect(await readKeyRecord(root, 'gone')).toBeUndefined();
  });

  it('removes what no run has named for the longest time', async () => {
    const first = await writeKeyRecord(root, record());
    const age = async (name: string, minutes: number) => {
      const time = new Date(Date.now() - minutes * 60_000);
      await utimes(join(keysDirectory(root), name), time, time);
    };
    for (let number = 0; number < 165; number += 1) {
      await writeFile(join(keysDirectory(root), `${number}.json`), '{}');
      await age(`${number}.json`, number + 1);
    }
    await age('salt', 1000);
    await age(`${first}.json`, 1000);
    await writeKeyRecord(root, record());
    const left = await names();
    expect(left).toHaveLength(121);
    expect(left).toEqual(expect.arrayContaining(['salt', '0.json', '118.json', `${first}.json`]));
  });

  it('takes no more than 10 ms for 100 crates, once the secret is there', async () => {
    const parts = Array.from(
      { length: 100 },
      (_, crate) =>
        [
          `crate${crate} sources`,
          Array.from({ length: 40 }, (_, at) =>
            one('source', `services/crate${crate}/src/module_${at}.rs`, sha(`${at}`)),
          ),
        ] as const,
    );
    const big: KeyRecord = {
      ...record(),
      parts: {
        ...Object.fromEntries(parts),
        environment: Array.from({ length: 60 }, (_, at) => one('environment', `V${at}`, sha(`${at}`))),
      },
    };
    await writeFile(join(root, 'Cargo.lock'), '[[package]]\n'.repeat(25_000));
    await writeKeyRecord(root, record());
    const times: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const before = process.cpuUsage();
      await writeKeyRecord(root, { ...big, keys: { [`${round}`]: [] } });
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    // Others may be busy on this machine: processor time, and the quickest round.
    expect(Math.min(...times)).toBeLessThan(10);
  });
});

describe('writeRunInputs', () => {
  const task = (id: string, nodes: Record<string, string>): HashedTask => ({
    id,
    hashDetails: { command: '7', nodes },
  });

  it('keeps each input once, and none that could be guessed', async () => {
    const nodes = { 'a:TsConfig': '1', 'env:TOKEN': '2', 'env:RUST_PLATFORM_KEY_BUILD_A': '3' };
    const tasks = [task('b:build', nodes), task('a:build', nodes), { id: 'c:build' }];
    const id = await writeRunInputs(root, { tasks, files: { 'nx.json': '9' } });
    const found = await readRunInputs(root, id);
    expect(found?.files).toEqual({ 'nx.json': '9' });
    expect(Object.keys(found?.tasks ?? {})).toEqual(['a:build', 'b:build']);
    expect(found?.inputs).toEqual([
      ['a:TsConfig', '1'],
      ['env:TOKEN', expect.stringMatching(/^[0-9a-f]{32}$/)],
      ['env:RUST_PLATFORM_KEY_BUILD_A', ''],
      ['command', '7'],
    ]);
    expect(await writeRunInputs(root, { tasks: [...tasks].reverse(), files: { 'nx.json': '9' } })).toBe(id);
  });

  it('cuts names of hundreds of folders, and still tells them apart', async () => {
    const long = (end: string) => `workspace:[${'{workspaceRoot}/x/**/*,'.repeat(50)}${end}]`;
    const id = await writeRunInputs(root, {
      tasks: [task('a:build', { [long('a')]: '1', [long('b')]: '1' })],
      files: {},
    });
    const [first = ['', ''], second = ['', '']] = (await readRunInputs(root, id))?.inputs ?? [];
    expect(first[0].length).toBeLessThan(300);
    expect(first[0]).not.toBe(second[0]);
  });
});
