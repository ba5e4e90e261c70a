import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { identityOfChild } from './process-identity';
import type { DetachedAnswer, DetachedOptions } from './spawn-detached';

const CLOSE_ON_EXEC = 0o2000000;

/** The short process between `spawnDetached` and what it starts: options on stdin, identity on stdout. */
async function main(): Promise<void> {
  closeInherited();
  const options = JSON.parse(await text(process.stdin)) as DetachedOptions;
  const answer = await start(options).catch((error: NodeJS.ErrnoException): DetachedAnswer => {
    return { error: { code: error.code, message: error.message } };
  });
  process.stdout.write(JSON.stringify(answer));
}

/**
 * Files that a shell or CI left open for its children (`3>&1`, a job server) would stay open in a process that outlives
 * them, and whoever reads the other end would wait. Node marks its own as close-on-exec, so the others are inherited.
 */
function closeInherited(): void {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc/self/fd')) {
    const file = Number(name);
    const flags = file > 2 ? /^flags:\s*(\d+)/m.exec(readOr(`/proc/self/fdinfo/${name}`))?.[1] : undefined;
    if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0) closeSync(file);
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // The file that listed the folder.
  }
}

async function start(options: DetachedOptions): Promise<DetachedAnswer> {
  const { command, args, cwd, env, uid, gid, stdoutFile, stderrFile } = options;
  const files = [stdoutFile, stderrFile].map((file) =>
    file === undefined ? undefined : openSync(file, 'a'),
  );
  const child = spawn(command, args, {
    cwd,
    env,
    uid,
    gid,
    detached: true,
    stdio: ['ignore', files[0] ?? 'ignore', files[1] ?? 'ignore'],
  });
  const identity = child.pid === undefined ? undefined : identityOfChild(child.pid);
  for (const file of files) if (file !== undefined) closeSync(file);
  if (!identity) throw await new Promise<Error>((resolve) => child.once('error', resolve));
  child.unref();
  return { identity };
}

void main();
