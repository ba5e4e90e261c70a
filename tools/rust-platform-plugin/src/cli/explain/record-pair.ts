import type { Ingredient, KeyRecord } from '../../results/key-record';
import type { Change } from './explanation';
import { ingredientDiff } from './ingredient-diff';
import { lockDiff } from './lock-diff';
import type { LockedCrate, LockSides } from './lock-sides';
import { lockedCrate } from './locked-crate';

export interface RecordedKeys {
  record: KeyRecord;
  locks: LockSides;
}

/** What is different between the key records of two runs. Most tasks of a run share it, so that it is found once. */
export class RecordPair {
  private readonly equal = new Map<string, boolean>();
  private readonly locked = new Map<string, Change[]>();

  constructor(
    private readonly before: RecordedKeys,
    private readonly after: RecordedKeys,
  ) {}

  /** For keys, given by their names in the two records. */
  changes(oldKeys: readonly string[], newKeys: readonly string[]): Change[] {
    const [old, now] = [partsOf(this.before.record, oldKeys), partsOf(this.after.record, newKeys)];
    const isEqual = (part: string) => old.has(part) && now.has(part) && this.isEqual(part);
    const from = ingredientsIn(
      this.before.record,
      [...old].filter((part) => !isEqual(part)),
    );
    const to = ingredientsIn(
      this.after.record,
      [...now].filter((part) => !isEqual(part)),
    );
    return [...ingredientDiff(from, to), ...this.lockChanges(from, to)];
  }

  private isEqual(part: string): boolean {
    const known = this.equal.get(part);
    if (known !== undefined) return known;
    const text = ({ record }: RecordedKeys) => JSON.stringify(record.parts[part]);
    const equal = text(this.before) === text(this.after);
    this.equal.set(part, equal);
    return equal;
  }

  /** Each once, whichever crate has it, with the shortest way. */
  private lockChanges(before: readonly Ingredient[], after: readonly Ingredient[]): Change[] {
    const old = new Map(before.filter(isLock).map(({ name, value }) => [name, value]));
    const told = new Map<string, Change>();
    for (const { name, value } of after.filter(isLock)) {
      const known = old.get(name);
      if (known === undefined || known === value) continue;
      for (const change of this.lockChangesOf(name)) {
        const key = `${change.kind} ${change.name} ${change.from} ${change.to}`;
        const nearest = told.get(key);
        if (!nearest || (change.way ?? '').length < (nearest.way ?? '').length) told.set(key, change);
      }
    }
    return [...told.values()];
  }

  private lockChangesOf(ingredient: string): Change[] {
    const known = this.locked.get(ingredient);
    if (known) return known;
    const found = this.diffOf(lockedCrate(ingredient));
    const untold: Change = {
      group: 'lock',
      kind: 'changed',
      name: `Cargo.lock: what ${ingredient} is built from`,
    };
    const changes = found.length > 0 ? found : [untold];
    this.locked.set(ingredient, changes);
    return changes;
  }

  private diffOf(crate: LockedCrate | undefined): Change[] {
    const [old, now] = [crate && this.before.locks.closure(crate), crate && this.after.locks.closure(crate)];
    return old && now ? lockDiff(old, now) : [];
  }
}

export function partsOf({ keys }: KeyRecord, names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => keys[name] ?? []));
}

export function ingredientsIn({ parts }: KeyRecord, names: Iterable<string>): Ingredient[] {
  return [...names].flatMap((name) => parts[name] ?? []);
}

function isLock({ group }: Ingredient): boolean {
  return group === 'lock';
}
