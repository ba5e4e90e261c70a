import { createHash } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../process/ports';
import { crateManifest, writeCargoWorkspace, writeFiles } from './cargo-workspace';
import { temporaryFolder } from './temporary-folder';

export { findFreePort, isPortFree } from '../process/ports';

export interface FakeService {
  needs?: string[];
  port?: number;
  /** Of `fake-service.cjs`. */
  fault?: string;
  /** By file name below `api/`. */
  http?: Record<string, string>;
  scenarios?: string;
  /** Seconds. */
  startTimeout?: number;
  gracePeriod?: number;
  /** A table `greetings`. */
  migrated?: boolean;
  built?: boolean;
}

export interface ServiceWorkspace {
  root: string;
  /** For the executor's process: no servers, no shell settings of the developer. */
  env: Record<string, string | undefined>;
  remove(): Promise<void>;
}

const MIGRATION =
  'CREATE TABLE greetings (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text TEXT NOT NULL);\n';

/** A repository of services whose finished binaries are scripts with hand-written build records. */
export async function serviceWorkspace(services: Record<string, FakeService>): Promise<ServiceWorkspace> {
  const { path: root, remove } = await temporaryFolder('service');
  await chmod(root, 0o755);
  const crates: Record<string, Record<string, string>> = {};
  for (const [name, service] of Object.entries(services)) crates[name] = await crateFiles(name, service);
  const options = { postgresPort: await findFreePort(), redisPort: await findFreePort() };
  await writeCargoWorkspace(root, {
    crates,
    files: { 'nx.json': JSON.stringify({ plugins: [{ plugin: 'rust-platform-plugin', options }] }) },
  });
  for (const [name, { built = true }] of Object.entries(services)) if (built) await writeBuild(root, name);
  const unset = {
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    PORT: undefined,
    RUST_PLATFORM_RUN_ID: undefined,
  };
  return {
    root,
    env: { ...unset, PG_MODULE: require.resolve('pg'), RUST_PLATFORM_PROVIDERS: 'given,local' },
    remove,
  };
}

export async function writeBuild(root: string, project: string): Promise<void> {
  const source = await readFile(join(__dirname, 'fake-service.cjs'), 'utf8');
  const script = `#!${process.execPath}\n${source}`;
  const sha256 = createHash('sha256').update(script).digest('hex');
  const record = {
    schemaVersion: 1,
    project,
    package: project,
    profile: 'release',
    binaries: [{ name: project, file: project, sha256, bytes: Buffer.byteLength(script) }],
    rustc: 'rustc 1.95.0 (test)',
    cargoArgs: [],
    lockSha256: null,
  };
  const folder = join(root, 'dist/rust', project);
  await writeFiles(folder, { [project]: script, 'build-record.json': JSON.stringify(record) });
  await chmod(join(folder, project), 0o755);
}

async function crateFiles(name: string, service: FakeService): Promise<Record<string, string>> {
  const {
    needs = [],
    port,
    fault,
    http = {},
    scenarios,
    startTimeout = 20,
    gracePeriod = 5,
    migrated,
  } = service;
  const metadata = [
    '[package.metadata.rust-platform]',
    'service = true',
    `port = ${port ?? (await findFreePort())}`,
    `needs = ${JSON.stringify(needs)}`,
    `start-timeout = ${startTimeout}`,
    `grace-period = ${gracePeriod}`,
    ...(fault === undefined ? [] : ['[package.metadata.rust-platform.env]', `FAULT = "${fault}"`]),
  ];
  return {
    'Cargo.toml': crateManifest(name, `${metadata.join('\n')}\n`),
    'src/main.rs': 'fn main() {}\n',
    ...Object.fromEntries(Object.entries(http).map(([file, text]) => [`api/${file}`, text])),
    ...(scenarios === undefined ? {} : { 'bench/scenarios.toml': scenarios }),
    ...(migrated ? { 'migrations/20260101000000_create_greetings.sql': MIGRATION } : {}),
  };
}
