import type { DepsStatus } from '../engines/deps/deps-types';

/** `{ checkout, workspaceRoot, postgres: { port, … }, redis: { … } }`: for scripts, without a search through a list. */
export function depsJson({ checkout, workspaceRoot, servers }: DepsStatus): Record<string, unknown> {
  return { checkout, workspaceRoot, ...Object.fromEntries(servers.map((server) => [server.kind, server])) };
}
