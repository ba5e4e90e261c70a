import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { endTree, livingTree } from '../../process/end-tree';
import { SERVICE_MARKER } from '../../process/environment';
import { guardTree } from '../../process/guardian';
import type { ProcessIdentity } from '../../process/process-identity';
import { spawnChild, type Child, type ChildExit } from '../../process/spawn-child';
import type { SupervisorMessage } from './protocol';
import { waitUntilReady } from './readiness';
import { serviceExited, serviceStopped } from './readiness-errors';
import { ServiceLog } from './service-log';
import type { ServiceSpec, ServiceState } from './service-spec';
import { toWire } from './wire-error';

export interface ServiceListener {
  send(message: SupervisorMessage): void;
  /** The state has changed and belongs into the state file. */
  changed(): void;
}

/** One server under the supervisor, from its start to the proof that nothing of it is left. */
export class ManagedService {
  readonly id: string;
  /** Resolves when everything of it has ended, or cannot be ended. */
  readonly gone: Promise<void>;
  private readonly log: ServiceLog;
  private readonly startedAt = new Date().toISOString();
  private readonly waiting = new AbortController();
  private state: ServiceState['state'] = 'starting';
  private child: Child | undefined;
  private exit: ChildExit | undefined;
  private ending: Promise<void> | undefined;
  private unguard: () => void = () => undefined;
  private resolveGone: () => void = () => undefined;

  constructor(
    readonly spec: ServiceSpec,
    private readonly listener: ServiceListener,
  ) {
    this.id = `${spec.name}-${randomBytes(6).toString('hex')}`;
    this.log = new ServiceLog(spec.logFile);
    this.gone = new Promise((resolve) => (this.resolveGone = resolve));
  }

  /** Before the process exists its pid is 0: the marker alone finds it. */
  describe(): ServiceState {
    const { name, project, purpose, port, logFile } = this.spec;
    const identity = this.child?.identity ?? { pid: 0, startTime: '' };
    const { id, state, startedAt } = this;
    return { id, name, project, purpose, pid: identity.pid, identity, port, state, startedAt, logFile };
  }

  /**
   * Starts the process and watches it. Guardian and state file know the marker before the process exists, so there is no
   * moment in which it could be forgotten.
   */
  async start(): Promise<void> {
    this.guard();
    this.listener.changed();
    try {
      const { command, args, cwd, env, uid, gid } = this.spec;
      this.child = await spawnChild({
        command,
        args,
        cwd,
        uid,
        gid,
        env: { ...env, [SERVICE_MARKER]: this.id },
        onLines: (lines, stream) => {
          this.log.add(lines, (line) =>
            this.listener.send({ type: 'lines', stream: 'stderr', lines: [line] }),
          );
          this.listener.send({ type: 'lines', stream, lines });
        },
      });
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.guard(this.child.identity);
    this.listener.changed();
    this.listener.send({ type: 'started', state: this.describe() });
    void this.watchExit(this.child);
    void this.watchReadiness(this.child);
  }

  /** SIGTERM, grace, SIGKILL; resolves when the tree is gone. */
  stop(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private get marker() {
    return { name: SERVICE_MARKER, value: this.id };
  }

  private guard(root?: ProcessIdentity): void {
    const previous = this.unguard;
    const { gracePeriodMs: graceMs, cleanup } = this.spec;
    this.unguard = guardTree({ root, marker: this.marker, graceMs, cleanup: cleanup?.paths });
    previous();
  }

  private async watchExit(child: Child): Promise<void> {
    this.exit = await child.exited;
    this.waiting.abort();
    if (this.state === 'starting') {
      this.fail(serviceExited(this.spec, this.exit, this.log.lastLines(30)));
    }
    this.listener.send({ type: 'exited', exit: this.exit });
    await this.stop();
  }

  private async watchReadiness(child: Child): Promise<void> {
    const tree = () => livingTree(child.identity, this.marker);
    try {
      await waitUntilReady({
        spec: this.spec,
        tree,
        signal: this.waiting.signal,
        lastLines: () => this.log.lastLines(30),
      });
      if (this.waiting.signal.aborted) return;
      this.setState('ready');
      this.listener.send({ type: 'ready' });
    } catch (error) {
      if (this.waiting.signal.aborted) return;
      this.fail(error);
      await this.stop();
    }
  }

  private fail(error: unknown): void {
    this.setState('failed');
    this.listener.send({ type: 'not-ready', error: toWire(error) });
  }

  private setState(state: ServiceState['state']): void {
    this.state = state;
    this.listener.changed();
  }

  private async end(): Promise<void> {
    this.waiting.abort();
    if (this.state === 'starting' && this.child && !this.exit) this.fail(serviceStopped(this.spec));
    this.setState('stopping');
    try {
      await endTree(this.child?.identity, { marker: this.marker, graceMs: this.spec.gracePeriodMs });
      await this.child?.exited;
      for (const path of this.spec.cleanup?.paths ?? []) await rm(path, { recursive: true, force: true });
      this.setState('exited');
      this.unguard();
      this.listener.send({ type: 'gone' });
    } catch (error) {
      this.setState('failed');
      this.listener.send({ type: 'not-gone', error: toWire(error) });
    } finally {
      this.log.close();
      this.resolveGone();
    }
  }
}
