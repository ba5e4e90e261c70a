import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { readTaskReport } from '../../results/task-report-file';
import { crateManifest, writeCargoWorkspace } from '../../testing/cargo-workspace';
import { eventually } from '../../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, startExecutor, type ExecutorRun } from '../../testing/run-executor';
import { startPrivatePostgres, type PrivateServer } from '../../testing/servers';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(240_000);

const NEEDS = '[package.metadata.rust-platform]\ntest-needs = ["postgres", "redis"]\n';

/** Speaks to both servers with nothing but the standard library. */
const TESTS = `use std::io::{Read, Write};
use std::net::TcpStream;

fn host(url: &str) -> String {
    let rest = url.split("://").nth(1).unwrap();
    rest.rsplit('@').next().unwrap().split('/').next().unwrap().to_string()
}

#[test]
fn has_a_redis_of_its_own() {
    let mut stream = TcpStream::connect(host(&std::env::var("REDIS_URL").unwrap())).unwrap();
    stream.write_all(b"PING\\r\\n").unwrap();
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"+PONG");
    let prefix = std::env::var("REDIS_PREFIX").unwrap();
    assert!(prefix.starts_with("rp_test_") && prefix.ends_with("_kit:"), "{prefix}");
}

#[test]
fn has_a_database_of_its_own() {
    let url = std::env::var("DATABASE_URL").unwrap();
    TcpStream::connect(host(&url)).unwrap();
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_string();
    assert!(name.starts_with("rp_test_"), "{name}");
    if let Ok(gate) = std::env::var("GATE") {
        std::fs::write(gate, name).unwrap();
        std::thread::sleep(std::time::Duration::from_secs(120));
    }
}
`;

describe('test of a crate that needs servers', () => {
  let postgres: PrivateServer | undefined;
  let folder: TemporaryFolder;
  let root: string;
  let leaks: LeakCheck;

  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres?.stop());

  beforeEach(async () => {
    folder = await temporaryFolder('servers');
    root = folder.path;
    leaks = await startLeakCheck();
    const kit = { 'Cargo.toml': crateManifest('kit', NEEDS), 'src/lib.rs': '', 'tests/api.rs': TESTS };
    const plain = {
      'src/lib.rs': '#[test]\nfn none() {\n    assert!(std::env::var("REDIS_PREFIX").is_err());\n}\n',
    };
    await writeCargoWorkspace(root, { crates: { kit, plain } });
  });
  afterEach(async () => {
    await expectNothingLeft(leaks, { withinMs: 30_000 });
    await leaks.end();
    await folder.remove();
  });

  const test = (project: string, env: Record<string, string | undefined>): ExecutorRun => ({
    executor: 'test',
    root,
    project,
    projectRoot: `services/${project}`,
    target: 'test',
    env,
  });

  async function databases(url: string): Promise<string[]> {
    const client = new Client(url);
    await client.connect();
    try {
      const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
      return rows.map(({ datname }) => datname);
    } finally {
      await client.end();
    }
  }

  const temporary = async (url: string): Promise<string[]> =>
    (await databases(url)).filter((name) => name.startsWith('rp_test_'));

  it('gives it an empty database and a Redis, and takes both away again', async () => {
    if (!postgres) return;
    const result = await runExecutor(test('kit', { DATABASE_URL: postgres.url }));
    expect(result.stderr).toBe('');
    expect(result.report).toMatchObject({ status: 'passed', headline: '2 passed, 0 failed, 0 ignored' });
    expect(result.stdout).not.toContain(postgres.password);
    expect(await temporary(postgres.url)).toEqual([]);
  });

  it('takes them away also when it is interrupted', async () => {
    if (!postgres) return;
    const gate = join(root, 'gate');
    const running = await startExecutor(test('kit', { DATABASE_URL: postgres.url, GATE: gate }));
    const exists = () =>
      access(gate).then(
        () => true,
        () => false,
      );
    await eventually(exists, () => `the tests run:\n${running.lines.join('\n')}`, 90_000);
    expect(await temporary(postgres.url)).toHaveLength(1);
    running.kill('SIGINT');
    await running.exited;
    expect(await readTaskReport(root, 'reports', { project: 'kit', target: 'test' })).toMatchObject({
      status: 'interrupted',
      exitCode: 130,
    });
    expect(await temporary(postgres.url)).toEqual([]);
  });

  it('refuses a database on another machine, password hidden, and starts nothing', async () => {
    const result = await runExecutor(
      test('kit', { DATABASE_URL: 'postgres://me:hunter2@db.example.invalid/x' }),
    );
    expect(result.report).toMatchObject({ status: 'failed', exitCode: 2, error: { code: 'remote-refused' } });
    expect(result.stderr).toContain('db.example.invalid');
    expect(result.stdout + result.stderr).not.toContain('hunter2');
  });

  it('starts nothing for a crate that needs none', async () => {
    const result = await runExecutor(
      test('plain', { DATABASE_URL: 'postgres://me:hunter2@db.example.invalid/x' }),
    );
    expect(result.report).toMatchObject({ status: 'passed', headline: '1 passed, 0 failed, 0 ignored' });
  });
});
