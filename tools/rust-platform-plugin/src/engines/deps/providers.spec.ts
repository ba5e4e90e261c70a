import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { findProviders, type SurveyRequest } from './find-providers';
import { systemOf, waysToGet } from './no-provider-error';
import { preferredPort } from './provider';
import { allowedProviders } from './provider-order';
import { refuseRemoteHost } from './refuse-remote-host';

describe('allowedProviders', () => {
  it('is everything by default, and keeps the order', () => {
    expect(allowedProviders({})).toEqual(['given', 'compose', 'local', 'embedded']);
    expect(allowedProviders({ RUST_PLATFORM_PROVIDERS: ' embedded, local' })).toEqual(['local', 'embedded']);
  });

  it('refuses a name it does not know', () => {
    expect(() => allowedProviders({ RUST_PLATFORM_PROVIDERS: 'docker' })).toThrow(
      /names docker, which is no provider/,
    );
  });
});

describe('findProviders with stub programs on PATH', () => {
  let folder: TemporaryFolder;
  let bin: string;

  beforeEach(async () => {
    folder = await temporaryFolder('providers');
    bin = join(folder.path, 'bin');
    await mkdir(bin);
  });
  afterEach(() => folder.remove());

  async function stub(name: string, output: string, exitCode = 0): Promise<void> {
    await writeFile(join(bin, name), `#!/bin/sh\necho '${output}'\nexit ${exitCode}\n`);
    await chmod(join(bin, name), 0o755);
  }

  function survey(env: Record<string, string> = {}, changes: Partial<SurveyRequest> = {}) {
    return findProviders({
      workspaceRoot: folder.path,
      options: {
        stateDirectory: '.rust-platform',
        composeFile: 'docker-compose.yml',
        postgresPort: 5434,
        redisPort: 6382,
      },
      needs: ['postgres', 'redis'],
      env: { PATH: bin, DOCKER_HOST: 'unix:///nowhere.sock', ...env },
      allowRemote: false,
      ...changes,
    });
  }

  it('takes programs on PATH, and says why it passed over the others', async () => {
    await stub('postgres', 'postgres (PostgreSQL) 16.3');
    await stub('initdb', '');
    await stub('redis-server', 'Redis server v=7.2.4 sha=0');
    const { choices, error } = await survey();
    expect(error).toBeUndefined();
    expect(choices.map(({ provider }) => provider)).toEqual(['local', 'local']);
    expect(choices[0]?.detail).toBe(`local binaries (${join(bin, 'postgres')} 16.3)`);
    expect(choices[0]?.passedOver).toEqual([
      'given endpoint: DATABASE_URL is not set',
      'Docker Compose: there is no docker-compose.yml',
    ]);
  });

  it('prefers an engine that answers, and passes over one that does not', async () => {
    await writeFile(join(folder.path, 'docker-compose.yml'), 'services: { r: { image: redis } }');
    await stub('valkey-server', 'Valkey server v=8.0.1 sha=0');
    const env = { RUST_PLATFORM_PROVIDERS: 'given,compose,local' };
    const { choices } = await survey(env, { needs: ['redis'] });
    expect(choices[0]?.passedOver[1]).toMatch(/no Docker engine answers at unix:\/\/\/nowhere\.sock/);
    const remote = await survey(
      { ...env, DOCKER_HOST: 'tcp://docker.example.com:2375' },
      { needs: ['redis'] },
    );
    expect(remote.choices[0]?.passedOver[1]).toMatch(/on another machine/);
  });

  it('takes an endpoint of the environment without contacting it, and hides its password', async () => {
    const { choices } = await survey({
      DATABASE_URL: 'postgres://a:s3cret@127.0.0.1:1/x',
      REDIS_URL: 'redis://localhost',
    });
    expect(choices.map(({ provider }) => provider)).toEqual(['given', 'given']);
    expect(JSON.stringify(choices)).not.toContain('s3cret');
    const remote = await survey({ DATABASE_URL: 'postgres://a:s3cret@db.example.com/x' });
    expect(remote.error).toMatchObject({ code: 'remote-refused', exitCode: 2 });
  });

  it('gives one error with every way for both servers when there is nothing', async () => {
    const { choices, error } = await survey({ RUST_PLATFORM_PROVIDERS: 'given' });
    expect(choices.map(({ provider }) => provider)).toEqual([undefined, undefined]);
    expect(error).toMatchObject({ code: 'no-provider', exitCode: 4 });
    expect(error?.message).toMatch(/^error\[no-provider\]: PostgreSQL and Redis are needed/);
  });

  it('offers embedded programs where npm and Python are', async () => {
    for (const name of ['npm', 'tar', 'python3']) await stub(name, '');
    const { choices } = await survey({ RUST_PLATFORM_PROVIDERS: 'embedded' });
    expect(choices.map(({ provider }) => provider)).toEqual(['embedded', 'embedded']);
    const without = await survey({ RUST_PLATFORM_PROVIDERS: 'embedded', PATH: folder.path });
    expect(without.error?.message).toMatch(/npm is not on PATH[^]*python3 is not on PATH/);
  });
});

describe('preferredPort', () => {
  it.each([
    [5434, undefined, 5434],
    [5434, 5544, 5544],
    [5500, 5544, 5500],
  ])('option %d, compose file %s: %d', (option, published, expected) => {
    const options = {
      stateDirectory: '',
      composeFile: '',
      postgresPort: option,
      redisPort: 6382,
    };
    expect(preferredPort(options, 'postgres', published)).toBe(expected);
  });
});

describe('waysToGet', () => {
  it.each([
    ['debian', /sudo apt-get install postgresql && sudo apt-get install redis-server/],
    ['fedora', /sudo dnf install/],
    ['macos', /brew install/],
    ['other', /so that postgres and initdb are on PATH/],
  ] as const)('on %s', (system, expected) => {
    expect(waysToGet(['postgres', 'redis'], system).join('\n')).toMatch(expected);
  });

  it.each([
    ['ID=ubuntu\nID_LIKE=debian\n', 'debian'],
    ['NAME="Rocky"\nID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
    ['ID=alpine\n', 'alpine'],
    ['ID="opensuse-tumbleweed"\n', 'suse'],
    ['VERSION_ID=1\n', 'other'],
  ])('reads %j as %s', (text, system) => {
    expect(systemOf(text)).toBe(system);
  });
});

describe('refuseRemoteHost', () => {
  it.each(['127.0.0.1', 'localhost', '::1', '/var/run/postgresql'])('takes %s for this machine', (host) => {
    expect(() => refuseRemoteHost({ host, variable: 'DATABASE_URL', allowRemote: false })).not.toThrow();
  });

  it.each(['10.0.0.1', 'db', 'localhost.example.com', '192.168.0.5'])('refuses %s', (host) => {
    expect(() => refuseRemoteHost({ host, variable: 'DATABASE_URL', allowRemote: false })).toThrow(host);
    expect(() => refuseRemoteHost({ host, variable: 'DATABASE_URL', allowRemote: true })).not.toThrow();
  });
});
