import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../process/run';
import { writeAdvisoryDatabase } from '../../testing/advisory-database';
import { writeFiles } from '../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { describeCommit, findDatabases, refreshDatabase } from './advisory-database';

const ADVISORY = { id: 'RUSTSEC-2020-0071', package: 'time', patched: ['>= 0.2.23'] };
/** With a proxy set the network counts as there, so `fetchInto` is asked. */
const ONLINE = { https_proxy: 'http://127.0.0.1:9' };

describe('the advisory database', () => {
  let folder: TemporaryFolder;
  let state: string;
  let home: string;

  beforeEach(async () => {
    folder = await temporaryFolder('advisories');
    state = join(folder.path, 'state');
    home = join(folder.path, 'cargo-home');
  });
  afterEach(() => folder.remove());

  it('is the one with the newest commit', async () => {
    await writeAdvisoryDatabase(join(state, 'advisory-db'), [ADVISORY], '2026-01-01T00:00:00Z');
    const own = await findDatabases(state, { CARGO_HOME: home });
    expect(own).toEqual([join(state, 'advisory-db')]);
    await writeAdvisoryDatabase(join(home, 'advisory-db'), [ADVISORY], '2026-02-01T00:00:00Z');
    const both = await findDatabases(state, { CARGO_HOME: home });
    expect(both).toEqual([join(home, 'advisory-db'), join(state, 'advisory-db')]);
  });

  it('is the given one and no other', async () => {
    await writeAdvisoryDatabase(join(state, 'advisory-db'), [ADVISORY]);
    const given = join(folder.path, 'given');
    const env = { CARGO_HOME: home, RUST_PLATFORM_AUDIT_DB: given };
    expect(await findDatabases(state, env)).toEqual([]);
    await writeAdvisoryDatabase(given, [ADVISORY]);
    expect(await findDatabases(state, env)).toEqual([given]);
  });

  it('says its commit and date, and takes no other repository for its own', async () => {
    const database = join(folder.path, 'repository');
    await writeAdvisoryDatabase(database, [ADVISORY], '2026-01-02T03:04:05Z');
    const { stdout } = await run('git', ['-C', database, 'rev-parse', 'HEAD']);
    const described = await describeCommit(database);
    expect(described.commit).toBe(stdout.trim());
    expect(Date.parse(described.committedAt ?? '')).toBe(Date.parse('2026-01-02T03:04:05Z'));
    await mkdir(join(database, 'inner/crates'), { recursive: true });
    expect(await describeCommit(join(database, 'inner'))).toEqual({
      commit: undefined,
      committedAt: undefined,
    });
  });

  describe('when refreshed', () => {
    it('is put in place whole the first time, and left alone for an hour', async () => {
      const asked: string[] = [];
      const fetchInto = async (target: string): Promise<boolean> => {
        asked.push(target);
        await writeFiles(target, { 'crates/time/RUSTSEC-2020-0071.md': 'x' });
        return true;
      };
      await refreshDatabase(state, ONLINE, fetchInto);
      await refreshDatabase(state, ONLINE, fetchInto);
      expect(asked).toHaveLength(1);
      expect(asked[0]).not.toBe(join(state, 'advisory-db'));
      expect((await readdir(state)).sort()).toEqual(['advisory-db', 'fetched-at']);
    });

    it.each([
      ['is refused', () => Promise.resolve(false)],
      ['breaks', () => Promise.reject(new Error('interrupted'))],
    ])('leaves nothing of a first copy that %s', async (_what, end) => {
      const fetchInto = async (target: string): Promise<boolean> => {
        await writeFiles(target, { 'crates/time/half.md': '' });
        return end();
      };
      await refreshDatabase(state, ONLINE, fetchInto).catch(() => undefined);
      expect(await readdir(state)).toEqual([]);
    });

    it('keeps the old one when an update fails, and tries again next time', async () => {
      await writeFiles(state, { 'advisory-db/crates/time/RUSTSEC-2020-0071.md': 'x' });
      const asked: string[] = [];
      for (let run = 1; run <= 2; run += 1) {
        await refreshDatabase(state, ONLINE, async (target) => {
          asked.push(target);
          return false;
        });
      }
      expect(asked).toEqual([join(state, 'advisory-db'), join(state, 'advisory-db')]);
      expect(await readdir(state)).toEqual(['advisory-db']);
    });

    it.each([
      ['a database is given', { ...ONLINE, RUST_PLATFORM_AUDIT_DB: '/given' }],
      ['cargo is told to stay offline', { ...ONLINE, CARGO_NET_OFFLINE: 'true' }],
    ])('is not fetched when %s', async (_what, env) => {
      const fetchInto = (): Promise<boolean> => Promise.reject(new Error('fetched'));
      await expect(refreshDatabase(state, env, fetchInto)).resolves.toBeUndefined();
    });
  });
});
