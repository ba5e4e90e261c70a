import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAdvisoryDatabase } from '../../testing/advisory-database';
import { writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { describeWith, findTool } from '../../testing/describe-with';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, type ExecutorResult } from '../../testing/run-executor';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(120_000);

const REGISTRY = 'registry+https://github.com/rust-lang/crates.io-index';
const LOCK = `version = 4

[[package]]
name = "links"
version = "0.1.0"
dependencies = [
 "time",
]

[[package]]
name = "worker"
version = "0.1.0"

[[package]]
name = "time"
version = "0.1.43"
source = "${REGISTRY}"
checksum = "ca8a50ef2360fbd1eeb0ecd46795a87a19024eb4b53c5dc916ca1fd95fe62438"
`;
const FLAW = {
  id: 'RUSTSEC-2020-0071',
  package: 'time',
  patched: ['>= 0.2.23'],
  aliases: ['CVE-2020-26235'],
};
const OTHER = { id: 'RUSTSEC-2021-0001', package: 'elsewhere', patched: [] };

describeWith('cargo-audit', 'cargo install --locked cargo-audit')('audit', () => {
  let folder: TemporaryFolder;
  let root: string;
  let database: string;
  let leaks: LeakCheck;

  beforeEach(async () => {
    folder = await temporaryFolder('audit');
    root = join(folder.path, 'repository');
    database = join(folder.path, 'database');
    leaks = await startLeakCheck();
    await mkdir(root);
    const crate = { 'src/lib.rs': '' };
    await writeCargoWorkspace(root, { crates: { links: crate, worker: crate }, lock: false });
    await writeFiles(root, { 'services/Cargo.lock': LOCK });
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await folder.remove();
  });

  const audit = (
    project: string,
    more: { options?: object; env?: Record<string, string | undefined> } = {},
  ): Promise<ExecutorResult> =>
    runExecutor({
      executor: 'audit',
      root,
      project,
      projectRoot: `services/${project}`,
      target: 'audit',
      options: more.options,
      env: { RUST_PLATFORM_AUDIT_DB: database, RUST_PLATFORM_RUN_ID: 'run-1', ...more.env },
    });

  async function setOptions(options: object): Promise<void> {
    await writeFiles(root, {
      'nx.json': JSON.stringify({ plugins: [{ plugin: 'rust-platform-plugin', options }] }),
    });
  }

  it('gives a finding to the crate that is linked with it, and none to the other', async () => {
    await writeAdvisoryDatabase(database, [FLAW, OTHER]);
    const links = await audit('links');
    expect(links.exitCode).toBe(1);
    expect(links.report).toMatchObject({
      status: 'failed',
      exitCode: 1,
      headline: '1 finding: RUSTSEC-2020-0071',
      notes: ['RUSTSEC-2020-0071 in time 0.1.43: A flaw in time (fixed in >=0.2.23; links > time)'],
    });
    const worker = await audit('worker');
    expect(worker.exitCode).toBe(0);
    expect(worker.report?.status).toBe('passed');
    expect(worker.report?.headline).toMatch(/^clean \(1 crates, 2 advisories of [0-9a-f]{7}, 0 days old\)$/);
  });

  it('passes an accepted finding until its last day, and shows it', async () => {
    await writeAdvisoryDatabase(database, [FLAW]);
    await setOptions({
      auditIgnore: [{ id: 'CVE-2020-26235', reason: 'not reachable', expires: '2099-12-31' }],
    });
    const accepted = await audit('links');
    expect(accepted.report).toMatchObject({
      status: 'passed',
      notes: ['CVE-2020-26235 in time 0.1.43 is accepted until 2099-12-31: not reachable'],
    });
    await setOptions({
      auditIgnore: [{ id: 'CVE-2020-26235', reason: 'not reachable', expires: '2020-12-31' }],
    });
    const expired = await audit('links');
    expect(expired.report?.status).toBe('failed');
    expect(expired.report?.notes.join()).toContain(
      'was accepted until 2020-12-31 (not reachable): it is a finding again',
    );
  });

  it('is not misled by an audit.toml of the repository', async () => {
    await writeAdvisoryDatabase(database, [FLAW]);
    const config = '[advisories]\nignore = ["RUSTSEC-2020-0071"]\n';
    await writeFiles(root, { 'services/.cargo/audit.toml': config, '.cargo/audit.toml': config });
    const { report } = await audit('links');
    expect(report?.status).toBe('failed');
    expect(report?.notes).toContain(
      'services/.cargo/audit.toml is not read: accept advisories by auditIgnore in nx.json, with reason and expiry',
    );
  });

  it.each([
    ['report', 0],
    ['required', 3],
  ])('with mode %s ends with %i when the database is stale', async (mode, exitCode) => {
    await writeAdvisoryDatabase(database, [OTHER], new Date(Date.now() - 45 * 86_400_000).toISOString());
    const { report } = await audit('worker', { options: { mode } });
    expect(report).toMatchObject({
      status: 'degraded',
      exitCode,
      notes: ['stale: the advisory database is 45 days old'],
    });
  });

  it.each([
    ['missing', async () => undefined],
    ['empty', () => mkdir(join(database, 'crates'), { recursive: true })],
    ['without advisories', () => writeFiles(database, { 'crates/time/README.md': 'none' })],
  ])('is not checked with a database that is %s, never clean', async (_what, prepare) => {
    await prepare();
    const { report } = await audit('worker');
    expect(report).toMatchObject({ status: 'not-checked', exitCode: 0 });
    expect(report?.headline).toContain('RUST_PLATFORM_AUDIT_DB names a folder without advisories');
    await setOptions({ audit: 'required' });
    const required = await audit('worker');
    expect(required.report).toMatchObject({ status: 'not-checked', exitCode: 3 });
    expect(required.exitCode).toBe(1);
  });

  it('is not checked without cargo-audit, and says how to get it', async () => {
    await writeAdvisoryDatabase(database, [FLAW]);
    const { report } = await audit('links', {
      env: { PATH: '/usr/bin:/bin', CARGO_HOME: join(root, 'none') },
    });
    expect(report).toMatchObject({
      status: 'not-checked',
      exitCode: 0,
      headline: 'not checked: cargo-audit is not installed',
    });
    expect(report?.notes.join()).toContain('(fix: cargo install --locked cargo-audit)');
  });

  it('is not checked offline where no database lies', async () => {
    const tool = dirname(findTool('cargo-audit') ?? '');
    const env = {
      RUST_PLATFORM_AUDIT_DB: undefined,
      CARGO_NET_OFFLINE: 'true',
      CARGO_HOME: join(root, 'none'),
    };
    const { report } = await audit('links', { env: { ...env, PATH: `${tool}:${process.env['PATH']}` } });
    expect(report).toMatchObject({ status: 'not-checked' });
    expect(report?.headline).toContain('there is no advisory database, and none could be fetched');
  });

  it('runs cargo-audit once per lock file and run, also for crates at the same time', async () => {
    const tool = findTool('cargo-audit');
    await writeAdvisoryDatabase(database, [FLAW]);
    const log = join(folder.path, 'calls');
    const stub = join(folder.path, 'bin/cargo-audit');
    await writeFiles(folder.path, {
      'bin/cargo-audit': `#!/bin/sh\necho called >> '${log}'\nexec '${tool}' "$@"\n`,
    });
    await chmod(stub, 0o755);
    const env = { PATH: `${dirname(stub)}:${process.env['PATH']}` };
    const calls = async (): Promise<number> => (await readFile(log, 'utf8')).trim().split('\n').length;
    await Promise.all([audit('links', { env }), audit('worker', { env })]);
    expect(await calls()).toBe(1);
    await audit('links', { env: { ...env, RUST_PLATFORM_RUN_ID: 'run-2' } });
    expect(await calls()).toBe(2);
  });
});
