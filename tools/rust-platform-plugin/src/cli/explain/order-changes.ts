import type { Change, ChangeGroup } from './explanation';

/** What a person did by hand comes before what follows from it or concerns everything. */
const ORDER: readonly ChangeGroup[] = [
  'source',
  'file',
  'manifest',
  'lock',
  'config',
  'options',
  'environment',
  'server',
  'tool',
  'place',
  'nx',
  'plugin',
  'unverified',
];

/** Most specific first; within a group as given. */
export function orderChanges(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
}
