import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { startNodeServer, type NodeServer } from '../../testing/node-server';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { runHttpTests } from './run-http-tests';

jest.setTimeout(120_000);

const HANDLER = `
  if (request.url === '/die') return request.socket.destroy();
  if (request.url === '/redirect') { response.writeHead(307, { location: '/' }); return response.end(); }
  if (request.url === '/hang') return;
  response.statusCode = request.url === '/bad' ? 500 : 200;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({
    url: request.url, method: request.method, body, leak: request.headers['x-leak'] ?? 'none',
    password: 'hunter2', database: 'postgres://u:sekret@h/db', other: 'given-secret',
  }));
`;

let server: NodeServer;
let workspace: TemporaryFolder;
let leaks: LeakCheck;
let service: string;

beforeEach(async () => {
  leaks = await startLeakCheck();
  server = await startNodeServer(HANDLER);
  workspace = await temporaryFolder('http');
  service = join(workspace.path, 'services/one');
  await mkdir(join(service, 'api'), { recursive: true });
});

afterEach(async () => {
  await server.stop();
  await workspace.remove();
  await expectNothingLeft(leaks);
  await leaks.end();
});

async function runFiles(
  files: Record<string, string>,
  more: Partial<Parameters<typeof runHttpTests>[0]> = {},
) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(service, 'api', name), text);
  const paths = Object.keys(files).map((name) => join(service, 'api', name));
  return runHttpTests({ files: paths, folder: service, baseUrl: server.url, ...more });
}

describe('runHttpTests', () => {
  it('runs files in order, judges assertions, shows failures without secrets', async () => {
    const result = await runFiles(
      {
        'a.http': `
### first
# @name first
GET {{host}}/first
?? status == 200
?? body url == /first

### chained
POST {{baseUrl}}/{{first.method}}
Content-Type: application/json

{"a": 1}

?? status == 200
?? body method == POST

### broken
GET {{host}}/bad
?? status == 200

### step
GET {{host}}/step

### redirect
# @no-redirect
GET {{host}}/redirect
?? status == 307

### off
# @disabled
GET {{host}}/off
?? status == 200
`,
        'b.http': `
GET {{host}}/b
?? status == 200
`,
        'empty.http': '# nothing yet\n',
      },
      { secrets: ['given-secret'] },
    );
    expect(result).toMatchObject({ passed: 4, failed: 1, skipped: 1, assertions: 7 });
    expect(result.notes).toEqual(['1 request asserts nothing']);
    expect(result.tests.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      'first: passed',
      'chained: passed',
      'broken: failed',
      'step: unasserted',
      'redirect: passed',
      'off: skipped',
      'GET /b: passed',
    ]);
    const broken = result.tests[2];
    expect(broken).toMatchObject({ line: 18, request: 'GET /bad', error: 'status (500) == 200' });
    expect(broken?.response).toMatch(/^500 \{"url":"\/bad"/);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|sekret|given-secret/);
  });

  it('fails on what never got an answer', async () => {
    const result = await runFiles(
      {
        'a.http': `
### dead
GET {{host}}/die
?? status == 200

### hanging
GET {{host}}/hang
?? status == 200

### unknown variable
GET {{host}}/{{nowhere}}
?? status == 200

### still runs
GET {{host}}/x
?? status == 200
`,
      },
      { requestTimeoutMs: 300 },
    );
    expect(result).toMatchObject({ passed: 1, failed: 3 });
    const [dead, hanging, unknown] = result.tests;
    expect(dead?.error).toContain('socket hang up');
    expect(hanging?.error).toMatch(/timeout/i);
    expect(unknown?.error).toContain('nowhere is not defined');
  });

  it('does not lose a failure in the last pass of a loop', async () => {
    const result = await runFiles({
      'a.http': `
### loop
# @loop for 3
GET {{host}}/{{$index}}
?? body url != /2
`,
    });
    expect(result).toMatchObject({ passed: 2, failed: 1 });
  });

  it('fails files that prove nothing', async () => {
    const result = await runFiles({
      'nothing-asserted.http': 'GET {{host}}/x\n',
      'no-request.http': '@variable = 1\n',
      'garbage.http': 'this is no request\n',
    });
    expect(result).toMatchObject({ passed: 0, failed: 3 });
    expect(result.tests.filter(({ outcome }) => outcome === 'failed').map(({ error }) => error)).toEqual([
      expect.stringContaining('no assertions ran'),
      'no request was found in the file',
      expect.stringContaining('Invalid URL'),
    ]);
  });

  it('is not misled by settings and variables outside the folder of the service', async () => {
    const poison = { name: 'x', httpyac: { defaultHeaders: { 'x-leak': 'package.json' } } };
    await writeFile(join(workspace.path, 'package.json'), JSON.stringify(poison));
    await writeFile(join(workspace.path, '.env'), 'OUTSIDE=leaked\nhost=http://127.0.0.1:1\n');
    await writeFile(join(service, '.env'), 'INSIDE=seen\n');
    await writeFile(join(workspace.path, 'body.json'), '{"from":"outside"}');
    const result = await runFiles({
      'a.http': `
### inside
POST {{host}}/{{INSIDE}}

< ../../../body.json

?? body url == /seen
?? body leak == none
?? body body includes outside

### outside
GET {{host}}/{{OUTSIDE}}
?? status == 200
`,
    });
    expect(result.tests.map(({ outcome, error }) => error ?? outcome)).toEqual([
      'passed',
      expect.stringContaining('OUTSIDE is not defined'),
    ]);
  });

  it('says which file a script ended, and that the others did not run', async () => {
    const result = await runFiles({
      'a.http': 'GET {{host}}/a\n?? status == 200\n',
      'b.http': '{{\n  process.exit(3);\n}}\nGET {{host}}/b\n?? status == 200\n',
      'c.http': 'GET {{host}}/c\n?? status == 200\n',
    });
    expect(result).toMatchObject({ passed: 1, failed: 2 });
  });

  it('ends with the abort signal', async () => {
    const controller = new AbortController();
    const running = runFiles(
      { 'a.http': 'GET {{host}}/hang\n?? status == 200\n' },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(new Error('stop')), 1000);
    await expect(running).rejects.toThrow('stop');
  });
});
