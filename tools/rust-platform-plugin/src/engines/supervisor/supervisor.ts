import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, PlatformError } from '../../errors';
import { ownIdentity } from '../../process/process-identity';
import { ClientConnection } from './client-connection';
import { LeaseWatch } from './lease-watch';
import { ManagedService } from './managed-service';
import { pluginVersion, type SupervisorMessage } from './protocol';
import type { ServiceSpec, ServiceState } from './service-spec';
import { removeState, writeState } from './state-file';
import type { SupervisorPaths } from './supervisor-paths';

export interface SupervisorOptions {
  paths: SupervisorPaths;
  /** Called when the last run that uses servers of its own is gone. */
  stopUnpinnedDeps: () => Promise<void>;
  log: (line: string) => void;
  /** Without clients, services and leases for so long, the supervisor ends; default 2000, and 10 000 before the first. */
  idleMs?: number;
}

/** The one process per checkout below which its services run, outside of Nx's process tree. */
export class Supervisor {
  readonly identity = ownIdentity();
  readonly workspaceRoot: string;
  readonly leases: LeaseWatch;
  /** Resolves when everything is ended. */
  readonly done: Promise<void>;
  private readonly server: Server;
  private readonly clients = new Set<ClientConnection>();
  private readonly services: ManagedService[] = [];
  private idleTimer: NodeJS.Timeout | undefined;
  private shutDownOnce: Promise<void> | undefined;
  private resolveDone: () => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {
    const { paths, stopUnpinnedDeps, log } = options;
    this.workspaceRoot = paths.workspaceRoot;
    this.leases = new LeaseWatch(paths.leases, stopUnpinnedDeps, log);
    this.done = new Promise((resolve) => (this.resolveDone = resolve));
    this.server = createServer((socket) => this.welcome(new ClientConnection(socket, this)));
  }

  /** The caller holds the checkout's lock: a socket file that is there was left by somebody who is gone. */
  async listen(): Promise<void> {
    const { socket } = this.options.paths;
    rmSync(socket, { force: true });
    this.record();
    await this.leases.start();
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(socket, resolve);
    });
    this.watchIdle(this.options.idleMs ?? 10_000);
  }

  /** @throws PlatformError `supervisor-ending`. */
  add(spec: ServiceSpec, send: (message: SupervisorMessage) => void): ManagedService {
    if (this.shutDownOnce) {
      throw new PlatformError({
        code: 'supervisor-ending',
        what: `${spec.name} is not started: the supervisor of this checkout is being ended`,
        fix: 'start it again',
        exitCode: EXIT.interrupted,
      });
    }
    const service = new ManagedService(spec, { send, changed: () => this.record() });
    this.services.push(service);
    this.options.log(`start ${spec.name} (${spec.purpose}) on port ${spec.port}`);
    void service.gone.then(() => {
      this.services.splice(this.services.indexOf(service), 1);
      this.options.log(`gone ${spec.name}`);
      this.record();
      this.watchIdle();
    });
    return service;
  }

  describeServices(): ServiceState[] {
    return this.services.map((service) => service.describe());
  }

  findByPort(port: number): ServiceState | undefined {
    return this.describeServices().find((service) => service.port === port);
  }

  /** A service that is on its way out keeps its port for its grace: who starts the next one waits for that. */
  async untilStopped(port: number): Promise<void> {
    const leaving = this.services.filter(
      (service) => service.spec.port === port && service.describe().state === 'stopping',
    );
    await Promise.all(leaving.map((service) => service.gone));
  }

  /** What keeps the supervisor from leaving, apart from this client. */
  busyWith(client: ClientConnection): string[] {
    const services = this.describeServices().map(({ name, purpose }) => `${name} (${purpose})`);
    const runs = this.leases.isIdle ? [] : ['servers of a run'];
    const others = this.clients.size > (this.clients.has(client) ? 1 : 0) ? ['another client'] : [];
    return [...services, ...runs, ...(services.length > 0 ? [] : others)];
  }

  record(): void {
    if (this.shutDownOnce && this.services.length === 0) return;
    const { paths, log } = this.options;
    const services = this.services.map((service) => ({
      ...service.describe(),
      gracePeriodMs: service.spec.gracePeriodMs,
      cleanup: service.spec.cleanup?.paths ?? [],
    }));
    const { identity } = this;
    try {
      writeState(paths.stateFile, {
        schemaVersion: 1,
        version: pluginVersion(),
        identity,
        socket: paths.socket,
        services,
      });
    } catch (error) {
      log(`cannot write ${paths.stateFile}: ${String(error)}`); // The guardian still knows every service.
    }
  }

  /** Ends the services, the youngest first, since it may use the older ones, and then itself. */
  shutDown(why: string): Promise<void> {
    this.shutDownOnce ??= this.end(why);
    return this.shutDownOnce;
  }

  private async end(why: string): Promise<void> {
    this.options.log(`ending: ${why}`);
    clearInterval(this.idleTimer);
    this.server.close();
    for (const service of [...this.services].reverse()) await service.stop();
    await this.leases.stop();
    removeState(this.options.paths.stateFile);
    const clients = [...this.clients];
    for (const client of clients) client.close();
    await Promise.race([Promise.all(clients.map((client) => client.closed)), delay(1_000)]);
    for (const client of clients) client.destroy();
    this.resolveDone();
  }

  private welcome(client: ClientConnection): void {
    if (this.shutDownOnce) return client.destroy();
    this.clients.add(client);
    void client.closed.then(() => {
      this.clients.delete(client);
      this.watchIdle();
    });
  }

  private get isIdle(): boolean {
    return this.clients.size === 0 && this.services.length === 0 && this.leases.isIdle;
  }

  /** Looks often and acts only after a whole idle time: leases end without an event. */
  private watchIdle(idleMs = this.options.idleMs ?? 2_000): void {
    clearInterval(this.idleTimer);
    if (this.shutDownOnce) return;
    let idleSince = Date.now();
    this.idleTimer = setInterval(() => {
      if (!this.isIdle) idleSince = Date.now();
      else if (Date.now() - idleSince >= idleMs) void this.shutDown('nothing to do');
    }, 200);
  }
}
