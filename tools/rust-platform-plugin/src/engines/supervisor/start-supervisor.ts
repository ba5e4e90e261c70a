import { mkdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../errors';
import { entryPoint } from '../../process/entry-point';
import { ownProcessEnvironment } from '../../process/environment';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';
import { spawnDetached } from '../../process/run';
import { checkoutLock } from '../locks';
import { JsonConnection } from './json-connection';
import { PROTOCOL, pluginVersion, type ClientMessage, type SupervisorMessage } from './protocol';
import { readState } from './state-file';
import type { SupervisorPaths } from './supervisor-paths';

export type Connection = JsonConnection<SupervisorMessage, ClientMessage>;

export interface Peer {
  connection: Connection;
  version: string;
  protocol: number;
  identity: ProcessIdentity;
}

const START_MS = 45_000;

/** A connection to the running supervisor of this checkout; undefined when there is none. */
export async function connectToRunning({ socket, stateFile }: SupervisorPaths): Promise<Peer | undefined> {
  // The one that runs may have been started with another TMPDIR.
  const recorded = readState(stateFile);
  const known = recorded && (await isAlive(recorded.identity)) ? recorded.socket : socket;
  return (await greet(known)) ?? (known === socket ? undefined : greet(socket));
}

/** Starts a supervisor unless somebody else does it at the same time, and connects to it. */
export async function startSupervisor(paths: SupervisorPaths): Promise<Peer> {
  const lock = await checkoutLock(paths.workspaceRoot, 'supervisor-start', {
    purpose: 'start of the supervisor',
    timeoutMs: START_MS,
  });
  try {
    return (await connectToRunning(paths)) ?? (await launch(paths));
  } finally {
    await lock.release();
  }
}

async function launch(paths: SupervisorPaths): Promise<Peer> {
  const { workspaceRoot, stateDirectory, logFile } = paths;
  await mkdir(dirname(logFile), { recursive: true });
  const identity = await spawnDetached({
    command: process.execPath,
    args: [...entryPoint(__dirname, 'main'), workspaceRoot, stateDirectory],
    cwd: workspaceRoot,
    env: supervisorEnvironment(),
    stdoutFile: logFile,
    stderrFile: logFile,
  });
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await delay(25)) {
    const peer = await greet(paths.socket);
    if (peer) return peer;
    if (!(await isAlive(identity))) break;
  }
  throw await notStarted(logFile);
}

/** Undefined: nobody there, or somebody who is leaving. */
async function greet(socketPath: string): Promise<Peer | undefined> {
  const socket = connect(socketPath);
  const connection: Connection = new JsonConnection(socket);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
  if (!connected) return undefined;
  connection.send({ type: 'hello', protocol: PROTOCOL, version: pluginVersion() });
  const welcome = await Promise.race([connection.next('welcome'), delay(10_000, undefined, { ref: false })]);
  if (welcome) return { connection, ...welcome };
  connection.destroy();
  return undefined;
}

/** It outlives the task that starts it: nothing of that task, and no address with a password, belongs to it. */
function supervisorEnvironment(): NodeJS.ProcessEnv {
  const ofTheTask = /^(NX_|RUST_PLATFORM_RUN_ID$|DATABASE_URL$|REDIS_URL$|npm_)/;
  return Object.fromEntries(
    Object.entries(ownProcessEnvironment()).filter(([name]) => !ofTheTask.test(name)),
  );
}

async function notStarted(logFile: string): Promise<PlatformError> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return new PlatformError({
    code: 'supervisor-not-started',
    what: 'the process that supervises the services did not start',
    why: log.trim().split('\n').slice(-5).join('\n') || `it wrote nothing to ${logFile}`,
    fix: `tail -n 50 ${logFile}`,
  });
}
