import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../errors';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';
import type { OutputStream } from '../../process/spawn-child';
import type { SupervisorMessage } from './protocol';
import type { ServiceExit, ServiceSpec, ServiceState } from './service-spec';
import type { Connection } from './start-supervisor';
import { fromWire } from './wire-error';

/** A service whose lease is held here: when this process ends, the service is ended. */
export interface RunningService {
  id: string;
  pid: number;
  port: number;
  identity: ProcessIdentity;
  /**
   * The health URL answers 2xx and a process of this tree owns the socket.
   * Rejects with PlatformError `service-exited`, `service-not-ready`, `wrong-port`, `port-taken`, `service-stopped` or
   * `supervisor-lost`; the service is being ended then.
   */
  ready: Promise<void>;
  /** The leading process has ended and its output was delivered. Never rejects. */
  exited: Promise<ServiceExit>;
  /** The newest last; 200 are kept. */
  lastLines(count: number): string[];
  /** Resolves when the whole tree is gone and the port is free. @throws PlatformError `process-not-ended`. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Lines of the service, also those written before `start` resolved. */
  onLine?: (line: string, stream: OutputStream) => void;
}

const KEPT_LINES = 200;

/** @throws PlatformError when the supervisor refuses it, e.g. `port-taken`, `command-not-found`. */
export async function startService(
  connection: Connection,
  spec: ServiceSpec,
  { onLine }: StartOptions,
): Promise<RunningService> {
  connection.send({ type: 'start', spec });
  const answer = await connection.next('started', 'refused');
  if (answer?.type !== 'started') {
    connection.close();
    throw answer ? fromWire(answer.error) : supervisorLost(spec.name);
  }
  return new ServiceLease(connection, answer.state, spec, onLine);
}

class ServiceLease implements RunningService {
  readonly id: string;
  readonly pid: number;
  readonly port: number;
  readonly identity: ProcessIdentity;
  readonly ready: Promise<void>;
  readonly exited: Promise<ServiceExit>;
  private readonly gone: Promise<void>;
  private readonly lines: string[] = [];

  constructor(
    private readonly connection: Connection,
    { id, pid, port, identity, name }: ServiceState,
    private readonly spec: ServiceSpec,
    private readonly onLine: StartOptions['onLine'],
  ) {
    [this.id, this.pid, this.port, this.identity] = [id, pid, port, identity];
    const ready = settleable<void>();
    const exited = settleable<ServiceExit>();
    const gone = settleable<void>();
    [this.ready, this.exited, this.gone] = [ready.promise, exited.promise, gone.promise];
    connection.listen((message) => {
      if (message.type === 'lines') this.addLines(message);
      if (message.type === 'ready') ready.resolve();
      if (message.type === 'not-ready') ready.reject(fromWire(message.error));
      if (message.type === 'exited') exited.resolve(message.exit);
      if (message.type === 'gone') gone.resolve();
      if (message.type === 'not-gone') gone.reject(fromWire(message.error));
    });
    // A service that has ended by itself needs no lease: an open one would keep the supervisor.
    const release = () => connection.close();
    gone.promise.then(release, release);
    void connection.closed.then(async () => {
      ready.reject(supervisorLost(name));
      await this.untilDead();
      exited.resolve({});
      gone.resolve();
    });
  }

  lastLines(count: number): string[] {
    return count <= 0 ? [] : this.lines.slice(-count);
  }

  async stop(): Promise<void> {
    this.connection.send({ type: 'stop' });
    await this.gone;
  }

  private addLines({ lines, stream }: Extract<SupervisorMessage, { type: 'lines' }>): void {
    this.lines.push(...lines);
    this.lines.splice(0, this.lines.length - KEPT_LINES);
    if (this.onLine) for (const line of lines) this.onLine(line, stream);
  }

  /** The supervisor was killed: its guardian ends the service, within the grace and a little more. */
  private async untilDead(): Promise<void> {
    const deadline = Date.now() + this.spec.gracePeriodMs + 10_000;
    while ((await isAlive(this.identity)) && Date.now() < deadline) await delay(100);
  }
}

function supervisorLost(name: string): PlatformError {
  return new PlatformError({
    code: 'supervisor-lost',
    what: `the process that supervises ${name} has ended, and ${name} with it`,
    fix: ['start it again', 'tail -n 50 .rust-platform/supervisor.log'],
  });
}

/** A promise whose rejection nobody has to handle: a caller may wait for another one of the three. */
function settleable<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
