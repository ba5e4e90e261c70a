import type { Change } from './explanation';

/**
 * Files that Nx hashes for every task and that differ between two runs; of nx.json the fields, where the difference lies in
 * them and not in its layout.
 */
export function changedFiles(before: Record<string, string>, after: Record<string, string>): Change[] {
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name): Change => ({ group: 'nx', name, kind: kindOf(name in before, name in after) }));
  const isFieldKnown = changes.some(({ name }) => name.startsWith('nx.json: '));
  return isFieldKnown ? changes.filter(({ name }) => name !== 'nx.json') : changes;
}

export function kindOf(isInOld: boolean, isInNew: boolean): Change['kind'] {
  if (!isInOld) return 'added';
  return isInNew ? 'changed' : 'removed';
}
