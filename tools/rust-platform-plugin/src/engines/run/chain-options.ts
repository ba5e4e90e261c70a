/** What a whole chain must obey travels in the environment: Nx gives options only to the tasks that were asked for. */
export const CHAIN_OPTIONS = {
  /** Servers that a run starts stay when it ends. */
  keepDeps: 'RUST_PLATFORM_KEEP_DEPS',
  /** DATABASE_URL and REDIS_URL may name another machine. */
  allowRemote: 'RUST_PLATFORM_ALLOW_REMOTE',
} as const;

export type ChainOption = keyof typeof CHAIN_OPTIONS;

/** On: `1` or `true`; anything else is off. */
export function chainOption(option: ChainOption, env: NodeJS.ProcessEnv): boolean {
  return ['1', 'true'].includes(env[CHAIN_OPTIONS[option]] ?? '');
}
