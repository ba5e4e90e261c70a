import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { remoteCacheServer, type RemoteCacheServer } from '../src/testing/remote-cache-server';
import { entriesHolding } from './remote-cache-entries';
import { compilerCache, joinTeam, type Member, type Run } from './remote-cache-team';
import { expectNoProcesses } from './workspace';

const TOKEN = 'token-of-the-team';
const PASSWORD = 'pa55-of-the-database';
const DOTENV = 'value-of-a-dotenv';
const TARGETS = ['build', 'test', 'clippy', 'rustfmt'];
const FILES = {
  // A program that cannot do without its folder: rustc bakes the path into it.
  'rust/baked/Cargo.toml': '[package]\nname = "baked"\nversion.workspace = true\nedition.workspace = true\n',
  'rust/baked/src/main.rs': 'fn main() {\n    println!("{}", env!("CARGO_MANIFEST_DIR"));\n}\n',
  // Sources in the target directory: a panic there would name it.
  'rust/made/Cargo.toml': '[package]\nname = "made"\nversion.workspace = true\nedition.workspace = true\n',
  'rust/made/build.rs': `fn main() {
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    let text = "fn first(of: &[String]) -> &str {\\n    &of[1]\\n}\\n";
    std::fs::write(format!("{out}/made.rs"), text).expect("the folder is there");
    println!("cargo::rerun-if-changed=build.rs");
}
`,
  'rust/made/src/main.rs': `include!(concat!(env!("OUT_DIR"), "/made.rs"));

fn main() {
    println!("{}", first(&std::env::args().collect::<Vec<_>>()));
}
`,
  '.env': `MAIL_TOKEN=${DOTENV}\n`,
  'package.json': '{ "name": "team", "private": true }\n',
};

let server: RemoteCacheServer;
let first: Member;
let second: Member;

beforeAll(async () => {
  server = await remoteCacheServer({ token: TOKEN });
  const team = { server, token: TOKEN, files: FILES };
  first = await joinTeam('first', team);
  second = await joinTeam('second-with-a-longer-name', team, first);
});
afterEach(async () => {
  for (const { workspace } of [first, second]) await expectNoProcesses(workspace);
});
afterAll(async () => {
  for (const member of [first, second]) await member?.workspace.remove();
  await server.close();
});

describe('two clones and one server', () => {
  let stored: Run;

  test('the first stores what it made', async () => {
    stored = await first.run(['run-many', '-t', ...TARGETS, 'test-api']);
    expect(stored).toMatchObject({ exitCode: 0, local: [], remote: [] });
    expect(server.entries.size).toBe(stored.misses.length);
  });

  test('the second hits all of it but the binary that holds its folder, and gets the same bytes', async () => {
    const run = await second.run(['run-many', '-t', ...TARGETS, 'test-api']);
    expect(run).toMatchObject({ exitCode: 0, local: [], misses: ['baked:build'] });
    expect(run.remote).toEqual(stored.misses.filter((id) => id !== 'baked:build'));
    for (const binary of ['dist/rust/front/front', 'dist/rust/hello/hello', 'reports/hello/test.xml']) {
      const [a, b] = await Promise.all(
        [first, second].map(({ workspace }) => readFile(join(workspace.root, binary))),
      );
      expect({ binary, isEqual: a !== undefined && b?.equals(a) }).toEqual({ binary, isEqual: true });
    }
    const { root } = second.workspace;
    const { stdout } = await execa(join(root, 'dist/rust/baked/baked'));
    expect(stdout).toBe(join(root, 'rust/baked'));
  });

  test('and says why that one is not shared', async () => {
    const { output } = await second.platform(['explain', 'baked:build', '--json']);
    expect(output).toMatch(/workspace folder \([^)]*CARGO_MANIFEST_DIR/);
  });

  test('what is there already is not asked for again', async () => {
    const before = server.requests.length;
    const run = await second.run(['run-many', '-t', ...TARGETS]);
    expect(run).toMatchObject({ misses: [], remote: [] });
    expect(run.local).toHaveLength(5 * TARGETS.length);
    // Only the question whether the server answers.
    expect(server.requests.slice(before)).toEqual([expect.stringMatching(/^GET \d+ 404$/)]);
  });

  test('no entry tells where it was made, but for the program whose key holds that', async () => {
    for (const { workspace } of [first, second]) {
      const found = await entriesHolding(server, dirname(workspace.root));
      expect(found.filter((name) => !name.endsWith('/baked/baked'))).toEqual([]);
    }
  });

  test('no entry holds a secret', async () => {
    const { exitCode } = await first.run(['run-many', '-t', ...TARGETS], {
      DATABASE_URL: `postgres://me:${PASSWORD}@127.0.0.1:9/x`,
    });
    expect(exitCode).toBe(0);
    for (const secret of [TOKEN, PASSWORD, DOTENV]) {
      expect({ secret, found: await entriesHolding(server, secret) }).toEqual({ secret, found: [] });
    }
  });
});

test('target-cpu=native is shared among equal machines only, and explain names the cpu', async () => {
  const native = { RUSTFLAGS: '-C target-cpu=native' };
  expect(await first.run(['run', 'shared:build'], native)).toMatchObject({ misses: ['shared:build'] });
  expect(await second.run(['run', 'shared:build'], native)).toMatchObject({ remote: ['shared:build'] });
  const { output } = await second.platform(['explain', 'shared:build', '--json']);
  expect(output).toMatch(/cpu \([^)]*target-cpu=native/);
});

describe('a server that cannot be used', () => {
  const SAID = /the remote cache was not used, this run had its local cache only/g;
  const GONE = { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: 'http://127.0.0.1:1' };

  test('does not stop plain nx, which says so once', async () => {
    const { output, ...run } = await first.run(['run-many', '-t', 'build'], GONE);
    expect({ ...run, output }).toMatchObject({ exitCode: 0, misses: [] });
    expect(output.match(SAID)).toHaveLength(1);
    expect(output).not.toContain(TOKEN);
  });

  test('nor the launcher', async () => {
    const { exitCode, output } = await first.platform(['build'], GONE);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output.match(SAID)).toHaveLength(1);
  });

  test('a wrong token is named and never printed', async () => {
    const wrong = { NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'wr0ng-token' };
    const { exitCode, output } = await first.run(['run', 'shared:build'], wrong);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/does not accept NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN.*401/);
    expect(output).not.toContain('wr0ng-token');
  });

  test('with the daemon on the report says so, and the next run uses the server again', async () => {
    const { workspace, run } = first;
    const daemon = { NX_DAEMON: 'true', CI: undefined };
    try {
      expect(await run(['run-many', '-t', 'build'], { ...daemon, ...GONE })).toMatchObject({ exitCode: 0 });
      expect(await workspace.read('reports/build.md')).toMatch(SAID);
      await workspace.edit('rust/shared/src/lib.rs', (text) => `${text}// changed\n`);
      const before = server.entries.size;
      expect(await run(['run', 'shared:rustfmt'], daemon)).toMatchObject({ exitCode: 0 });
      expect(server.entries.size).toBe(before + 1);
    } finally {
      await workspace.nx(['daemon', '--stop']);
    }
  });
});

test('RUSTC_WRAPPER works underneath, is in the key, and is never cleared', async () => {
  const { workspace, run } = first;
  const wrapper = await compilerCache(dirname(workspace.root));
  try {
    expect(await run(['run-many', '-t', ...TARGETS])).toMatchObject({ exitCode: 0 });
    const wrapped = await run(['run-many', '-t', ...TARGETS], wrapper.env);
    expect(wrapped).toMatchObject({ exitCode: 0 });
    expect(wrapped.misses).toEqual(expect.arrayContaining(['hello:build', 'hello:test', 'hello:clippy']));
    expect(await wrapper.compilations()).toBeGreaterThan(0);
    expect(await workspace.report('hello', 'test')).toMatchObject({
      status: 'passed',
      headline: expect.stringMatching(/1 passed/),
    });
    // Without it: the old results again.
    expect(await run(['run-many', '-t', ...TARGETS])).toMatchObject({ exitCode: 0, misses: [] });
  } finally {
    await wrapper.stop();
  }
});
