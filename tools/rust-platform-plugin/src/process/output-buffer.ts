import type { OutputStream } from './spawn-child';

/** Keeps the last bytes of each stream: the end of an output tells why a command failed. */
export class OutputBuffer {
  private readonly chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  private readonly size = { stdout: 0, stderr: 0 };
  private truncated = false;

  constructor(private readonly limit: number) {}

  add(chunk: Buffer, stream: OutputStream): void {
    const chunks = this.chunks[stream];
    chunks.push(chunk);
    this.size[stream] += chunk.length;
    while (this.size[stream] > this.limit) {
      const over = this.size[stream] - this.limit;
      const [oldest] = chunks as [Buffer];
      if (oldest.length <= over) chunks.shift();
      else chunks[0] = oldest.subarray(over);
      this.size[stream] -= Math.min(oldest.length, over);
      this.truncated = true;
    }
  }

  result(): { stdout: string; stderr: string; truncated: boolean } {
    const text = (stream: OutputStream) => Buffer.concat(this.chunks[stream]).toString('utf8');
    return { stdout: text('stdout'), stderr: text('stderr'), truncated: this.truncated };
  }
}
