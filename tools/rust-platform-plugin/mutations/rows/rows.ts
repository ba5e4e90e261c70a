import type { Mutation } from '../mutation';
import { METADATA } from './metadata';
import { LOCKS } from './locks';
import { MANIFESTS } from './manifests';
import { OUTSIDE } from './outside';
import { SERVICES } from './services';
import { SETTINGS } from './settings';
import { SOURCES } from './sources';
import { WORKSPACE } from './workspace';

/** The whole matrix by the part of the requirement that each row stands for. */
export const ROWS: Array<Mutation & { section: string }> = [
  ...under('sources', SOURCES),
  ...under('inputs outside the crate', OUTSIDE),
  ...under('manifests', MANIFESTS),
  ...under('metadata', METADATA),
  ...under('lock', LOCKS),
  ...under('tools, settings, environment', SETTINGS),
  ...under('services', SERVICES),
  ...under('workspace, npm, place', WORKSPACE),
];

function under(section: string, rows: Mutation[]): Array<Mutation & { section: string }> {
  return rows.map((row) => ({ ...row, section }));
}
