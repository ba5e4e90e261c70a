import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface NodeServer {
  url: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/**
 * An HTTP server in a process of its own, so that it shares no event loop with what is tested.
 * @param handler body of `(request, response, body) => {…}`, JavaScript
 */
export async function startNodeServer(handler: string): Promise<NodeServer> {
  const script = `
    const server = require('node:http').createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => ((body) => { ${handler} })(Buffer.concat(chunks).toString()));
    });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
    process.stdin.on('end', () => process.exit()).resume();
  `;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = Number(await firstLine(child));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error('the server ended before it listened');
}
