import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines without their ends; characters split between chunks stay whole. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  /** A line that never ends must not fill the memory: after so many characters it is given in pieces. */
  constructor(private readonly longest = 1024 * 1024) {}

  /** The lines that this chunk completes. */
  push(chunk: Buffer): string[] {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > this.longest) {
      lines.push(this.rest);
      this.rest = '';
    }
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** The last line when it had no end. */
  flush(): string[] {
    const last = this.rest + this.decoder.end();
    this.rest = '';
    return last === '' ? [] : [last];
  }
}
