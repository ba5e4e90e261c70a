import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../errors';
import { temporaryFolder } from '../testing/temporary-folder';
import { loadPlatformOptions } from './load-platform-options';
import { parsePlatformOptions } from './parse-platform-options';
import { DEFAULT_OPTIONS } from './platform-options';

const refused = (run: () => unknown): PlatformError => {
  try {
    run();
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('parsePlatformOptions', () => {
  it.each([[undefined], [null], [{}]])('fills the defaults in for %j', (value) => {
    expect(parsePlatformOptions(value)).toEqual(DEFAULT_OPTIONS);
  });

  it('keeps what is right', () => {
    const options = {
      postgresPort: 6000,
      audit: 'required',
      auditIgnore: [{ id: 'RUSTSEC-2024-0001', reason: 'no fix yet', expires: '2026-12-31' }],
      exclude: ['tools/**'],
      services: { links: { port: 8081 } },
    };
    expect(parsePlatformOptions(options)).toEqual({ ...DEFAULT_OPTIONS, ...options });
  });

  it('lists every mistake at once', () => {
    const error = refused(() =>
      parsePlatformOptions({
        postgresprot: 1,
        redisPort: 0,
        audit: 'always',
        reportsDirectory: '../out',
        logsDirectory: '/var/log',
        stateDirectory: '',
        exclude: 'tools',
        services: { links: 1 },
        auditIgnore: [{ id: 'x', expires: '2026-02-30' }, 'RUSTSEC-1'],
      }),
    );
    expect(error).toMatchObject({ code: 'invalid-options', exitCode: EXIT.usage });
    expect(error.why?.split('\n')).toEqual([
      'nx.json: postgresprot: there is no option postgresprot: did you mean postgresPort?',
      'nx.json: redisPort: expected a port from 1 to 65535, not 0',
      'nx.json: audit: expected report or required, not "always"',
      'nx.json: reportsDirectory: expected a path inside the workspace, relative to its root, not "../out"',
      'nx.json: logsDirectory: expected a path inside the workspace, relative to its root, not "/var/log"',
      'nx.json: stateDirectory: expected a text that is not empty, not ""',
      'nx.json: exclude: expected a list of texts, not "tools"',
      'nx.json: services: expected a table per project, such as { "links": { "port": 8081 } }, not {"links":1}',
      'nx.json: auditIgnore.0: reason is missing: an ignored advisory needs id, reason and expires',
      'nx.json: auditIgnore.0.id: expected an advisory such as RUSTSEC-2024-0001, not "x"',
      'nx.json: auditIgnore.0.expires: expected a date such as 2026-12-31, not "2026-02-30"',
      'nx.json: auditIgnore.1: expected { id, reason, expires }, not "RUSTSEC-1"',
    ]);
  });

  it('refuses what is no table', () => {
    expect(refused(() => parsePlatformOptions([])).why).toBe('nx.json: options: expected a table, not []');
  });
});

describe('loadPlatformOptions', () => {
  const load = async (text: string | undefined) => {
    const folder = await temporaryFolder('options');
    try {
      if (text !== undefined) await writeFile(join(folder.path, 'nx.json'), text);
      return await loadPlatformOptions(folder.path);
    } finally {
      await folder.remove();
    }
  };

  it('reads the entry of the plugin, with comments and trailing commas', async () => {
    const text =
      '{ "plugins": ["x", { "plugin": "rust-platform-plugin", "options": { /* c */ "redisPort": 7000, } }], }';
    expect(await load(text)).toEqual({ ...DEFAULT_OPTIONS, redisPort: 7000 });
  });

  it.each([[undefined], ['{}'], ['{ "plugins": ["rust-platform-plugin"] }']])(
    'has defaults for %j',
    async (text) => {
      expect(await load(text)).toEqual(DEFAULT_OPTIONS);
    },
  );

  it('names the line of a mistake', async () => {
    const text = '{\n"plugins": [{ "plugin": "rust-platform-plugin",\n"options": {\n"audit": 1 } }] }';
    await expect(load(text)).rejects.toMatchObject({
      why: 'nx.json:4: audit: expected report or required, not 1',
    });
  });

  it('names the line where nx.json is no JSON', async () => {
    await expect(load('{\n"plugins": [\n')).rejects.toMatchObject({
      code: 'nx-json-unreadable',
      exitCode: EXIT.usage,
    });
  });
});
