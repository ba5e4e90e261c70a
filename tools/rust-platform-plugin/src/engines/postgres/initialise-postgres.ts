import { randomBytes } from 'node:crypto';
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import { run } from '../../process/run';
import type { PostgresBinaries } from './postgres-binaries';
import type { ServerUser } from './server-user';

export interface PostgresCredentials {
  user: string;
  password: string;
}

export interface InitialiseRequest {
  binaries: PostgresBinaries;
  /** Folder of one major version; belongs to `user`. */
  folder: string;
  user: ServerUser | undefined;
  credentials: PostgresCredentials;
  signal?: AbortSignal;
}

/**
 * Makes `<folder>/data` unless it is there. It appears in one step, so a killed initdb leaves no half-made cluster.
 * Resolves with the credentials of the data: those of the first time, whatever the compose file says by now.
 */
export async function initialisePostgres(request: InitialiseRequest): Promise<PostgresCredentials> {
  const { folder, credentials } = request;
  const stored = await readCredentials(folder);
  if (stored && (await exists(join(folder, 'data', 'PG_VERSION')))) return stored;
  await removeLeftOvers(folder);
  await writeCredentials(request);
  const temporary = join(folder, `new-${process.pid}-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${temporary}.pw`;
  try {
    await writePrivate(passwordFile, credentials.password, request.user);
    await runInitdb(request, temporary, passwordFile);
    await rename(temporary, join(folder, 'data'));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(temporary, { recursive: true, force: true });
  }
  return credentials;
}

async function runInitdb(request: InitialiseRequest, directory: string, passwordFile: string): Promise<void> {
  const { binaries, credentials, user, folder, signal } = request;
  const args = ['--pgdata', directory, '--username', credentials.user, '--pwfile', passwordFile];
  // Not synced to disk: it costs seconds, and a machine that dies in this moment loses nothing but an empty cluster.
  const locale = [
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--no-locale',
    '--no-instructions',
    '--no-sync',
  ];
  const { exitCode, stdout, stderr } = await run(binaries.initdb, [...args, ...locale], {
    cwd: folder,
    env: { LC_ALL: 'C', PGDATA: undefined },
    uid: user?.uid,
    gid: user?.gid,
    timeoutMs: 120_000,
    signal,
  });
  signal?.throwIfAborted();
  if (exitCode === 0) return;
  throw new PlatformError({
    code: 'initdb-failed',
    what: `initdb of PostgreSQL ${binaries.version} failed in ${folder}`,
    why: `${stderr}${stdout}`.trim().split('\n').slice(-8).join('\n'),
    fix: 'see the reason above; a full disk or a locked folder are the usual ones',
    exitCode: EXIT.preflight,
  });
}

async function readCredentials(folder: string): Promise<PostgresCredentials | undefined> {
  const text = await readFile(join(folder, 'credentials.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as PostgresCredentials);
}

async function writeCredentials({ folder, credentials, user }: InitialiseRequest): Promise<void> {
  await writePrivate(join(folder, 'credentials.json'), `${JSON.stringify(credentials)}\n`, user);
}

async function writePrivate(file: string, text: string, user: ServerUser | undefined): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  if (user) await chown(file, user.uid, user.gid);
}

async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('new-')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
