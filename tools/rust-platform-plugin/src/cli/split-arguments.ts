/** Options of Nx that take no value, so that a word after one is a service. */
const FLAGS = new Set([
  '--verbose',
  '--skip-nx-cache',
  '--skipNxCache',
  '--skip-remote-cache',
  '--skipRemoteCache',
  '--skip-sync',
  '--skipSync',
  '--nx-bail',
  '--nxBail',
  '--nx-ignore-cycles',
  '--nxIgnoreCycles',
  '--batch',
  '--tui',
  '--exclude-task-dependencies',
  '--excludeTaskDependencies',
]);

export interface SplitArguments {
  services: string[];
  /** For Nx, in the order given. */
  nxOptions: string[];
}

/**
 * Takes the words after a target apart: `shop cart --parallel 2 --verbose`. A word directly after an option that may
 * take a value is that value; any other word is a service.
 */
export function splitArguments(args: readonly string[]): SplitArguments {
  const services: string[] = [];
  const nxOptions: string[] = [];
  let mayBeValue = false;
  for (const arg of args) {
    const isOption = arg.startsWith('-') && arg !== '-';
    if (isOption || mayBeValue) nxOptions.push(arg);
    else services.push(arg);
    mayBeValue = isOption && !arg.includes('=') && !FLAGS.has(arg) && !arg.startsWith('--no-');
  }
  return { services, nxOptions };
}

/** What stands before `--`, and from `--` on. */
export function splitAtDashes(args: readonly string[]): [string[], string[]] {
  const at = args.indexOf('--');
  return at === -1 ? [[...args], []] : [args.slice(0, at), args.slice(at)];
}
