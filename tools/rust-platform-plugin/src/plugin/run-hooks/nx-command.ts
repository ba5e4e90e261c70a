/** What an Nx command line asks for. */
export interface NxCommand {
  targets: string[];
  /** Names, tags and globs as typed; `undefined`: every project that has the target. */
  projects: string[] | undefined;
  exclude: string[];
  configuration: string | undefined;
  isDryRun: boolean;
}

const LISTS: Record<string, 'targets' | 'projects' | 'exclude'> = {
  '-t': 'targets',
  '--target': 'targets',
  '--targets': 'targets',
  '-p': 'projects',
  '--project': 'projects',
  '--projects': 'projects',
  '--exclude': 'exclude',
};
/** Nx's own short names; they win over a target that is called so. */
const SHORT_TARGETS: Record<string, string> = { b: 'build', e: 'e2e', l: 'lint', s: 'serve', t: 'test' };
const MANY = new Set(['run-many', 'affected']);

/** Reads the arguments of Nx (without node and script). `undefined`: the command runs no targets. */
export function parseNxCommand(args: readonly string[]): NxCommand | undefined {
  const words = readWords(args);
  const command = words.plain.find((word) => MANY.has(word) || word === 'run' || word === 'run-one');
  if (command && MANY.has(command)) {
    const targets = words.lists.targets.map(fullName);
    return targets.length === 0 ? undefined : asCommand(words, targets, words.lists.projects);
  }
  const rest = command ? words.plain.slice(words.plain.indexOf(command) + 1) : words.plain;
  return single(words, rest, command !== undefined);
}

interface Words {
  plain: string[];
  lists: Record<'targets' | 'projects' | 'exclude', string[]>;
  configuration: string | undefined;
  isDryRun: boolean;
}

function readWords(args: readonly string[]): Words {
  const words: Words = {
    plain: [],
    lists: { targets: [], projects: [], exclude: [] },
    configuration: undefined,
    isDryRun: args.some(isDryRun),
  };
  let list: 'targets' | 'projects' | 'exclude' | undefined;
  const own = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  for (const [index, arg] of own.entries()) {
    const [option = '', value] = splitOption(arg);
    if (!arg.startsWith('-')) {
      if (list) words.lists[list].push(...arg.split(/[,\s]+/));
      else words.plain.push(arg);
      continue;
    }
    list = LISTS[option];
    if (list && value !== undefined) {
      words.lists[list].push(...value.split(/[,\s]+/));
      list = undefined;
    }
    if (option === '-c' || option === '--configuration') words.configuration = value ?? own[index + 1];
    if (option === '--prod') words.configuration = 'production';
  }
  return words;
}

function splitOption(arg: string): [string, string | undefined] {
  const at = arg.indexOf('=');
  return at === -1 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}

function isDryRun(arg: string): boolean {
  return /^--(dry-run|dryRun)(=true)?$/.test(arg) || /^--args=.*--dry-?run\b/i.test(arg);
}

/** `run project:target[:configuration]`, `project:target`, `target project`. */
function single(words: Words, [first, second]: string[], isRun: boolean): NxCommand | undefined {
  if (first === undefined) return undefined;
  const [project, target, configuration] = first.split(':');
  if (target) {
    return {
      ...asCommand(words, [fullName(target)], [project ?? '']),
      configuration: configuration ?? words.configuration,
    };
  }
  if (isRun) return undefined;
  const projects = second ? [second] : words.lists.projects;
  return projects.length > 0 ? asCommand(words, [fullName(first)], projects) : undefined;
}

function asCommand(words: Words, targets: string[], projects: string[]): NxCommand {
  return {
    targets: [...new Set(targets)],
    projects: projects.length > 0 ? projects.filter((name) => name !== '') : undefined,
    exclude: words.lists.exclude,
    configuration: words.configuration,
    isDryRun: words.isDryRun,
  };
}

function fullName(target: string): string {
  return Object.hasOwn(SHORT_TARGETS, target) ? (SHORT_TARGETS[target] ?? target) : target;
}
