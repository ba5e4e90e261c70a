import type { Change } from './explanation';

/** A change in one line: `serde 1.0.200 -> 1.0.201 (app > axum > serde)`. */
export function changeText(change: Change): string {
  const { group, way } = change;
  if (group === 'environment') return `${change.name} ${ENVIRONMENT[change.kind]}`;
  const text = group === 'lock' ? lockText(change) : `${change.name}${valueText(change)}`;
  return way ? `${text} (${way})` : text;
}

const ENVIRONMENT: Record<Change['kind'], string> = {
  added: 'was set (value hidden)',
  removed: 'is no longer set',
  changed: 'changed (value hidden)',
};

function lockText({ kind, name, from, to }: Change): string {
  if (kind === 'added') return to === undefined ? `${name} was added` : `${name} ${to} was added`;
  if (kind === 'removed') return from === undefined ? `${name} is gone` : `${name} ${from} is gone`;
  return from === undefined && to === undefined ? `${name} changed` : `${name} ${from} -> ${to}`;
}

function valueText({ kind, from, to }: Change): string {
  if (from !== undefined && to !== undefined) return `: ${from} -> ${to}`;
  if (kind === 'added') return to === undefined ? ' was added' : ` = ${to} was added`;
  if (kind === 'removed') return from === undefined ? ' was removed' : ` = ${from} was removed`;
  return ' changed';
}
