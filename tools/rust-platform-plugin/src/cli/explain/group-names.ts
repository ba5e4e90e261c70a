import type { ChangeGroup } from './explanation';

/** How a group is called beside its members, and with a count. */
export const GROUP_NAMES: Record<ChangeGroup, { label: string; one: string; many: string }> = {
  source: { label: 'source', one: 'source', many: 'sources' },
  file: { label: 'file', one: 'file', many: 'files' },
  manifest: { label: 'manifest', one: 'manifest field', many: 'manifest fields' },
  lock: { label: 'lock', one: 'locked closure', many: 'locked closures' },
  config: { label: 'settings', one: 'settings file', many: 'settings files' },
  environment: { label: 'environment', one: 'environment variable', many: 'environment variables' },
  server: { label: 'server', one: 'server', many: 'servers' },
  tool: { label: 'tool', one: 'tool', many: 'tools' },
  place: { label: 'place', one: 'fact of this machine', many: 'facts of this machine' },
  plugin: { label: 'plugin', one: 'plugin version', many: 'plugin versions' },
  unverified: { label: 'not settled', one: 'unsettled input', many: 'unsettled inputs' },
  options: { label: 'options', one: 'option', many: 'options' },
  nx: { label: 'Nx', one: 'input of Nx', many: 'inputs of Nx' },
};

export function counted(group: ChangeGroup, count: number): string {
  const { one, many } = GROUP_NAMES[group];
  return `${count} ${count === 1 ? one : many}`;
}
