import type { Socket } from 'node:net';
import { LineSplitter } from '../../process/line-splitter';

/** Messages as JSON lines over a socket. Messages that arrive before the first listener are kept for it. */
export class JsonConnection<Incoming extends { type: string }, Outgoing> {
  private readonly splitter = new LineSplitter(16 * 1024 * 1024);
  private listener: ((message: Incoming) => void) | undefined;
  private early: Incoming[] = [];
  readonly closed: Promise<void>;

  constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined); // `close` follows.
    socket.on('data', (chunk) => {
      for (const line of this.splitter.push(chunk)) this.receive(line);
    });
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /** Bytes that the other side has not taken yet. */
  get backlog(): number {
    return this.socket.writableLength;
  }

  send(message: Outgoing): void {
    if (this.isOpen) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  listen(listener: (message: Incoming) => void): void {
    this.listener = listener;
    for (const message of this.early.splice(0)) this.deliver(message);
  }

  /** Resolves with the next message of that type, undefined when the connection ends before; drops others until then. */
  async next<Type extends Incoming['type']>(
    ...types: Type[]
  ): Promise<Extract<Incoming, { type: Type }> | undefined> {
    const found = new Promise<Extract<Incoming, { type: Type }>>((resolve) => {
      this.listen((message) => {
        if (!types.some((type) => type === message.type)) return;
        this.listener = undefined; // What follows in the same chunk is kept.
        resolve(message as Extract<Incoming, { type: Type }>);
      });
    });
    return Promise.race([found, this.closed.then(() => undefined)]);
  }

  onDrained(listener: () => void): void {
    this.socket.on('drain', listener);
  }

  close(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private receive(line: string): void {
    let message: Incoming;
    try {
      message = JSON.parse(line) as Incoming;
    } catch {
      this.socket.destroy();
      return;
    }
    this.deliver(message);
  }

  private deliver(message: Incoming): void {
    if (this.listener) this.listener(message);
    else this.early.push(message);
  }
}
