import { join } from 'node:path';
import { PlatformError } from '../errors';
import { temporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { readDotenv, shellEnvironment } from './read-dotenv';
import {
  configuredPort,
  serviceEnvironment,
  urlVariable,
  type ServiceEnvironmentRequest,
} from './service-environment';
import type { RustService } from './service-model';

const service: RustService = {
  binary: 'web',
  args: [],
  port: 8100,
  portSource: 'metadata',
  health: '/health',
  needs: [],
  evidence: [],
  env: {},
  migrations: undefined,
  apiTests: [],
  scenarios: undefined,
  gracePeriod: 10,
  startTimeout: 60,
};

function environment(request: Partial<ServiceEnvironmentRequest> = {}, env: RustService['env'] = {}) {
  return serviceEnvironment({
    host: '127.0.0.1',
    port: 4000,
    serviceUrls: {},
    composeUrls: {},
    shellEnv: {},
    dotenv: { service: {}, workspace: {} },
    mode: 'serve',
    ...request,
    service: { ...service, env },
  });
}

describe('serviceEnvironment', () => {
  it('gives the default variables, and only those there is a value for', () => {
    expect(environment()).toEqual({ HOST: '127.0.0.1', PORT: '4000', RUST_LOG: 'info' });
    expect(
      environment({
        postgresUrl: 'postgres://me:secret@127.0.0.1:5434/web',
        redisUrl: 'redis://127.0.0.1:6382/3',
        redisPrefix: 'web:',
        serviceUrls: { 'url-shortener': 'http://127.0.0.1:8101' },
        composeUrls: { queue: 'tcp://127.0.0.1:4222' },
      }),
    ).toEqual({
      HOST: '127.0.0.1',
      PORT: '4000',
      RUST_LOG: 'info',
      DATABASE_URL: 'postgres://me:secret@127.0.0.1:5434/web',
      REDIS_URL: 'redis://127.0.0.1:6382/3',
      REDIS_PREFIX: 'web:',
      URL_SHORTENER_URL: 'http://127.0.0.1:8101',
      QUEUE_URL: 'tcp://127.0.0.1:4222',
    });
  });

  it('prefers the shell, then the .env of the service, then that of the workspace', () => {
    const layers = {
      shellEnv: { A: 'shell', PORT: '1' },
      dotenv: {
        service: { A: 'service', B: 'service', PORT: '2' },
        workspace: { A: 'w', B: 'w', C: 'w', RUST_LOG: 'debug' },
      },
    };
    expect(environment(layers)).toMatchObject({
      A: 'shell',
      B: 'service',
      C: 'w',
      RUST_LOG: 'debug',
      PORT: '1',
    });
    expect(environment({ ...layers, mode: 'isolated' })).toMatchObject({
      A: 'shell',
      C: 'w',
      RUST_LOG: 'debug',
      PORT: '4000',
    });
  });

  it('fills the names of the metadata, which win in isolation as well', () => {
    const env = {
      LISTEN_ADDR: '{host}:{port}',
      DB: '{postgres.user}/{postgres.password}@{postgres.host}:{postgres.port}/{postgres.database}',
      CACHE: '{redis.host}:{redis.port}/{redis.database}{redis.prefix}',
      PEER: '{service.peer.host}:{service.peer.port} {service.peer.url}',
      JSON: '{"a": {{port}}}',
    };
    const request: Partial<ServiceEnvironmentRequest> = {
      postgresUrl: 'postgres://me:p%40ss@[::1]/my%20db',
      redisUrl: 'redis://localhost',
      serviceUrls: { peer: 'https://peer.example' },
      shellEnv: { LISTEN_ADDR: '0.0.0.0:1' },
    };
    expect(environment(request, env)).toMatchObject({
      LISTEN_ADDR: '0.0.0.0:1',
      DB: 'me/p@ss@::1:5432/my db',
      CACHE: 'localhost:6379/0',
      PEER: 'peer.example:443 https://peer.example',
      JSON: '{"a": {port}}',
    });
    expect(environment({ ...request, mode: 'isolated' }, env)['LISTEN_ADDR']).toBe('127.0.0.1:4000');
  });

  it('refuses a template for something that the service is not given', () => {
    expect(() => environment({}, { CACHE: '{redis.url}' })).toThrow(
      expect.objectContaining({
        code: 'unknown-placeholder',
        fix: [expect.stringContaining('add "redis" to needs')],
      }) as PlatformError,
    );
  });

  it('keeps the variables of Nx, npm and this tool to itself', () => {
    const shellEnv = { NX_TASK_HASH: '1', npm_config_x: '1', RUST_PLATFORM_KEY_WEB: '1', PATH: '/bin' };
    expect(environment({ shellEnv })).toEqual({
      HOST: '127.0.0.1',
      PORT: '4000',
      RUST_LOG: 'info',
      PATH: '/bin',
    });
  });
});

describe('configuredPort', () => {
  const port = (shell: string | undefined, own?: string, shared?: string) =>
    configuredPort({
      service,
      shellEnv: { PORT: shell },
      dotenv: { service: own ? { PORT: own } : {}, workspace: shared ? { PORT: shared } : {} },
    });

  it('is the first that is given', () => {
    expect([
      port('1', '2', '3'),
      port(undefined, '2', '3'),
      port(undefined, undefined, '3'),
      port(undefined),
    ]).toEqual([1, 2, 3, 8100]);
  });

  it('passes over what is no port', () => {
    expect(port('http', '70000', '')).toBe(8100);
  });
});

it('makes variable names of service names', () => {
  expect(['links', 'url-shortener', 'a.b_c'].map(urlVariable)).toEqual([
    'LINKS_URL',
    'URL_SHORTENER_URL',
    'A_B_C_URL',
  ]);
});

describe('.env files', () => {
  const withFiles = async <T>(files: Record<string, string>, work: (root: string) => Promise<T>) => {
    const folder = await temporaryFolder('dotenv');
    try {
      await writeFiles(folder.path, files);
      return await work(folder.path);
    } finally {
      await folder.remove();
    }
  };
  const FILES = {
    '.env': 'SHARED=workspace\nHOME_OF=${USER_NAME}/x\n# no\nexport QUOTED="a b"\n',
    'services/web/.env': 'SHARED=web\nONLY=web\n',
    'services/other/.env': 'SHARED=other\n',
  };

  it('are read with quotes, comments and variables', async () => {
    expect(
      await withFiles(FILES, (root) =>
        readDotenv(root, 'services/web', { USER_NAME: 'me', SHARED: 'shell' }),
      ),
    ).toEqual({
      workspace: { SHARED: 'workspace', HOME_OF: 'me/x', QUOTED: 'a b' },
      service: { SHARED: 'web', ONLY: 'web' },
    });
  });

  it('may be missing, and the root package has only that of the workspace', async () => {
    expect(await withFiles({}, (root) => readDotenv(root, 'x'))).toEqual({ workspace: {}, service: {} });
    expect(await withFiles({ '.env': 'A=1' }, (root) => readDotenv(root, '.'))).toEqual({
      workspace: { A: '1' },
      service: {},
    });
  });

  it('are taken out of the environment of a task, so that they do not count as the shell', async () => {
    const env = { SHARED: 'web', ONLY: 'mine', PATH: '/bin' };
    await withFiles(FILES, async (root) => {
      expect(await shellEnvironment(root, 'services/web', env)).toEqual({ ONLY: 'mine', PATH: '/bin' });
      expect(await shellEnvironment(root, 'services/other', env)).toEqual(env);
      expect(
        await shellEnvironment(root, join('services', 'web'), { ...env, NX_LOAD_DOT_ENV_FILES: 'false' }),
      ).toMatchObject(env);
    });
  });
});
