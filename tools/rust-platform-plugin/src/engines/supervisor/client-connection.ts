import type { Socket } from 'node:net';
import { checkSpec } from './check-spec';
import { JsonConnection } from './json-connection';
import type { ManagedService } from './managed-service';
import { PROTOCOL, pluginVersion, type ClientMessage, type SupervisorMessage } from './protocol';
import type { ServiceSpec } from './service-spec';
import type { Supervisor } from './supervisor';
import { toWire } from './wire-error';

/** Output that a client does not read is not kept in memory without end: it is in the log file. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/** One client as the supervisor sees it. A connection that starts a service is the service's lease. */
export class ClientConnection {
  private readonly connection: JsonConnection<ClientMessage, SupervisorMessage>;
  private service: ManagedService | undefined;
  private droppedLines = 0;
  private starting = false;

  constructor(
    socket: Socket,
    private readonly supervisor: Supervisor,
  ) {
    this.connection = new JsonConnection(socket);
    this.connection.listen((message) => void this.answer(message));
    this.connection.onDrained(() => this.tellDropped());
    void this.connection.closed.then(() => this.service?.stop());
  }

  get closed(): Promise<void> {
    return this.connection.closed;
  }

  close(): void {
    this.connection.close();
  }

  destroy(): void {
    this.connection.destroy();
  }

  private async answer(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case 'hello':
        return this.send({
          type: 'welcome',
          protocol: PROTOCOL,
          version: pluginVersion(),
          identity: this.supervisor.identity,
        });
      case 'retire':
        return this.retire();
      case 'list':
        return this.send({ type: 'services', services: this.supervisor.describeServices() });
      case 'leases':
        await this.supervisor.leases.note();
        return this.send({ type: 'noted' });
      case 'start':
        return this.start(message.spec);
      case 'stop':
        return this.service?.stop();
    }
  }

  private retire(): void {
    const services = this.supervisor.busyWith(this);
    if (services.length > 0) return this.send({ type: 'busy', services });
    this.send({ type: 'retiring' });
    void this.supervisor.shutDown('a client of another version needs the place');
  }

  private async start(spec: ServiceSpec): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    try {
      await this.supervisor.untilStopped(spec.port);
      await checkSpec(spec, this.supervisor.workspaceRoot, this.supervisor.findByPort(spec.port));
      this.service = this.supervisor.add(spec, (message) => this.send(message));
      await this.service.start();
    } catch (error) {
      this.send({ type: 'refused', error: toWire(error) });
    }
    // The client may have gone meanwhile; the end of the connection found no service then.
    if (!this.connection.isOpen) await this.service?.stop();
  }

  private send(message: SupervisorMessage): void {
    if (message.type === 'lines' && this.connection.backlog > MAX_BACKLOG) {
      this.droppedLines += message.lines.length;
      return;
    }
    this.connection.send(message);
  }

  private tellDropped(): void {
    if (this.droppedLines === 0) return;
    const line = `[${this.droppedLines} lines are only in ${this.service?.spec.logFile ?? 'the log'}]`;
    this.droppedLines = 0;
    this.connection.send({ type: 'lines', stream: 'stderr', lines: [line] });
  }
}
