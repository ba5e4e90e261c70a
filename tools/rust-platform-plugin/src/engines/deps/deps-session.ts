import { claimCheckout, type Checkout } from './checkout-identity';
import { depsFolder, readDepsState, writeDepsState, type DepsState, type ServerState } from './deps-state';
import type { ServerKind } from './deps-types';
import { removePortEntry, writePortEntry } from './port-registry';

/** The notes of one checkout, held under its lock `deps`: every change is on disk before the next step. */
export class DepsSession {
  /** Two servers that start at once must not overwrite each other's notes. */
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly checkout: Checkout,
    readonly folder: string,
    private state: DepsState,
  ) {}

  static async open(workspaceRoot: string, stateDirectory: string): Promise<DepsSession> {
    const checkout = await claimCheckout(workspaceRoot, stateDirectory);
    const folder = depsFolder(checkout.root, stateDirectory);
    return new DepsSession(checkout, folder, await readDepsState(folder, checkout.id));
  }

  server(kind: ServerKind): ServerState | undefined {
    return this.state.servers[kind];
  }

  servers(): ServerState[] {
    const { postgres, redis } = this.state.servers;
    return [postgres, redis].filter((server) => server !== undefined);
  }

  /** Provider of the server that was stopped last; its data may not be where the next one looks. */
  last(kind: ServerKind): DepsState['last'][ServerKind] {
    return this.state.last[kind];
  }

  async remember(server: ServerState): Promise<void> {
    const { kind, port, identity, container, provider, dataDirectory } = server;
    this.state.servers[kind] = server;
    this.state.last[kind] = { provider, ...(dataDirectory === undefined ? {} : { dataDirectory }) };
    await this.write();
    if (!identity && !container?.id) return;
    const { id, root } = this.checkout;
    await writePortEntry({
      ...{ port, kind, checkout: id, workspaceRoot: root, state: server },
      ...(identity ? { identity } : { container: container?.id }),
    });
  }

  async forget(server: Pick<ServerState, 'kind' | 'port'>): Promise<void> {
    delete this.state.servers[server.kind];
    await this.write();
    await removePortEntry(server.port, this.checkout.id);
  }

  private write(): Promise<void> {
    this.writing = this.writing.then(() => writeDepsState(this.folder, this.state));
    return this.writing;
  }
}
