import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ingredient } from '../../results/key-record';
import type { RustCrate } from '../../service-model/service-model';
import type { Closure, KeyWorld, ScannedProject } from './key-world';

/** Why what a crate is compiled from cannot be told from its key; one sentence each. */
export class UnverifiedReasons {
  private readonly ofCargo = new Map<string, string[]>();

  constructor(private readonly world: KeyWorld) {
    for (const { members, error } of world.cargo.problems) {
      for (const manifest of members) {
        this.ofCargo.set(manifest, [...(this.ofCargo.get(manifest) ?? []), error.what]);
      }
    }
  }

  /** Its manifest or its lock. For crates that depend on it only the manifest of this one counts, and that is read. */
  cargoFiles(crate: RustCrate): string[] {
    const found = this.ofCargo.get(crate.manifest) ?? [];
    return this.world.facts(crate) ? found : [...found, `${crate.manifest} cannot be read`];
  }

  sources({ project, root }: ScannedProject, inTests: boolean): string[] {
    const { declared, unreadable } = this.world;
    const found = declared.get(project);
    const why = unreadable.get(project) ?? 'nobody knows why';
    if (!found) return inTests ? [] : [`what ${root} depends on could not be read: ${why}`];
    return found.open.filter((one) => one.inTests === inTests).map(({ reason }) => reason);
  }

  /** sqlx checks queries of these crates against a live database. */
  liveDatabase(crate: RustCrate, closure: Closure): string[] {
    if (!closure.queries && !this.world.declared.get(crate.project)?.queries) return [];
    const all = [crate, ...closure.scanned];
    // Nx gives a task the `.env` files of its own project; sqlx itself reads that of the crate which it compiles.
    const live = all.flatMap((one) => {
      const { queries = false, databaseVariable = '' } = this.world.declared.get(one.project) ?? {};
      const found = [one, crate].map((place) => this.databaseOf(place, databaseVariable));
      const isLive =
        queries && found.some(({ database }) => database) && !found.some(({ offline }) => offline);
      return isLive ? [databaseVariable] : [];
    });
    if (live.length === 0 || this.hasOfflineData(crate)) return [];
    return [`sqlx checks its queries against ${live[0]} while it compiles: run cargo sqlx prepare`];
  }

  private databaseOf({ root }: ScannedProject, variable: string): { database: boolean; offline: boolean } {
    const { env, dotenv, workspaceRoot } = this.world;
    const files = dotenv.ancestors(join(workspaceRoot, root));
    const valuesOf = (name: string) => [env[name], ...files.map(({ values }) => values[name])];
    const offline = valuesOf('SQLX_OFFLINE').filter((value) => value !== undefined);
    return {
      database: valuesOf(variable).some(Boolean),
      offline: offline.length > 0 && offline.every((value) => /^(true|1)$/i.test(value)),
    };
  }

  private hasOfflineData({ root, cargoRoot }: RustCrate): boolean {
    return [root, cargoRoot].some((folder) => existsSync(join(this.world.workspaceRoot, folder, '.sqlx')));
  }
}

/** Never the same twice, so that nothing is reused. */
export function nonces(reasons: readonly string[]): Ingredient[] {
  return reasons.map((reason) => ({ group: 'unverified', name: reason, value: randomUUID() }));
}
