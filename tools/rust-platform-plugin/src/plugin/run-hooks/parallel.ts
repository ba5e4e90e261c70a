const OPTION = /^--(parallel|maxParallel|max-parallel)(?:=(.*))?$/;

/** Hands `--parallel` on to batches, which Nx does not tell. A share of the cores (`50%`) is left to Nx's own setting. */
export function setParallel(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  const amount = parallelOf(argv);
  if (amount === undefined) delete env['RUST_PLATFORM_PARALLEL'];
  else env['RUST_PLATFORM_PARALLEL'] = amount;
}

function parallelOf(argv: readonly string[]): string | undefined {
  const own = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  const at = own.findLastIndex((arg) => OPTION.test(arg));
  if (at === -1) return undefined;
  const value = OPTION.exec(own[at] ?? '')?.[2] ?? own[at + 1];
  if (value === 'false') return '1';
  return value !== undefined && /^[1-9]\d*$/.test(value) ? value : undefined;
}
