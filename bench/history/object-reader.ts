import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

export interface GitObject {
  type: string;
  content: Buffer;
}

interface Waiting {
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/** Objects of a git repository through one `git cat-file --batch`, many at a time. Nothing is fetched from anywhere. */
export class ObjectReader {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: Waiting[] = [];
  private readonly ended: Promise<void>;
  private chunks: Buffer[] = [];
  private held = 0;
  /** Bytes that the next answer needs before looking again is worth it. */
  private wanted = 1;
  private said = '';
  private failure: Error | undefined;

  constructor(repository: string) {
    this.child = spawn('git', gitArguments(repository, ['cat-file', '--batch']), { env: gitEnvironment() });
    this.child.stdout.on('data', (chunk: Buffer) => this.take(chunk));
    this.child.stderr.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.child.stdin.on('error', (error) => this.fail(error));
    this.child.on('error', (error) => this.fail(error));
    this.ended = new Promise((resolve) =>
      this.child.on('close', () => {
        this.fail(new Error(`git cat-file ended in ${repository}: ${this.said}`));
        resolve();
      }),
    );
  }

  /** `undefined`: the repository does not hold it, as in a partial clone. */
  read(id: string): Promise<GitObject | undefined> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${id}\n`);
    });
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) return;
    const buffer = Buffer.concat(this.chunks);
    let at = 0;
    this.wanted = 1;
    for (let answer = parseAnswer(buffer, at); ; answer = parseAnswer(buffer, at)) {
      if (answer.end > buffer.length) {
        this.wanted = answer.end - at;
        break;
      }
      at = answer.end;
      this.waiting.shift()?.resolve(answer.found);
    }
    this.chunks = [Buffer.from(buffer.subarray(at))];
    this.held = buffer.length - at;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

/** `<id> <type> <size>`, content, line feed; or `<id> missing`. An end beyond the buffer: not all of it is there. */
function parseAnswer(buffer: Buffer, at: number): { end: number; found: GitObject | undefined } {
  const line = buffer.indexOf('\n', at);
  if (line === -1) return { end: buffer.length + 1, found: undefined };
  const [, type = '', size] = buffer.toString('latin1', at, line).split(' ');
  if (size === undefined) return { end: line + 1, found: undefined };
  const start = line + 1;
  const end = start + Number(size);
  return { end: end + 1, found: { type, content: Buffer.from(buffer.subarray(start, end)) } };
}

/** Whoever owns the repository; and without any of the user's settings that change output. */
export function gitArguments(repository: string, args: string[]): string[] {
  return ['-c', 'safe.directory=*', '-C', repository, ...args];
}

export function gitEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}
