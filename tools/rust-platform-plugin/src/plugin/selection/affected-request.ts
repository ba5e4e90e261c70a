import type { NxCommandLine } from '../../cargo/nx-command-line';

/** What the command line says about the comparison that `nx affected` makes. */
export type AffectedRequest =
  /** It selects nothing by changes. */
  | { kind: 'none' }
  /** What it compares with cannot be told. */
  | { kind: 'unknown'; why: string; byProject: boolean }
  | {
      kind: 'since';
      /** A revision as given; the comparison is with its merge base with `head`. */
      base: string;
      head: string | undefined;
      /** Only what is not committed counts, so that the base is HEAD itself. */
      uncommitted: boolean;
      /** Nx leaves out the tasks that the selected ones depend on. */
      excludesDependencies: boolean;
      /** Nx selects whole projects, not tasks: an old setting says so, or no target is asked for. */
      byProject: boolean;
    };

export interface Defaults {
  env: NodeJS.ProcessEnv;
  nxJson: { defaultBase?: string; affected?: { defaultBase?: string; legacy?: boolean } };
}

const TARGETS = /^(-t|--targets?|--with-?target)(=|$)|^affected:/i;

/** Reads the command line as Nx does, environment and nx.json included. */
export function affectedRequest(line: NxCommandLine, { env, nxJson }: Defaults): AffectedRequest {
  const isLegacy = isLegacyAffected({ env, nxJson });
  const unknown = (why: string): AffectedRequest => ({ kind: 'unknown', why, byProject: isLegacy });
  if (line === undefined) return unknown('another program than Nx makes the graph');
  if ('daemon' in line) return unknown('the daemon of Nx makes one graph for every command');
  const { words } = line;
  if (!comparesRevisions(words)) return { kind: 'none' };
  if (isSet(words, 'stdin') || valueOf(words, 'files') !== undefined) {
    return unknown('the changed files were given, not a revision');
  }
  const uncommitted = isSet(words, 'uncommitted') || isSet(words, 'untracked');
  const defaultBase = nxJson.defaultBase ?? nxJson.affected?.defaultBase ?? 'main';
  return {
    kind: 'since',
    base: valueOf(words, 'base') || env['NX_BASE'] || defaultBase,
    head: valueOf(words, 'head') || env['NX_HEAD'] || undefined,
    uncommitted,
    excludesDependencies:
      isSet(words, 'exclude-task-dependencies') || isSet(words, 'excludeTaskDependencies'),
    byProject: isLegacy || !words.some((word) => TARGETS.test(word)),
  };
}

/** Nx selects whole projects with all that depend on them, as it did before version 24. */
export function isLegacyAffected({ env, nxJson }: Defaults): boolean {
  const said = env['NX_LEGACY_AFFECTED'];
  return said === 'true' || (said !== 'false' && nxJson.affected?.legacy === true);
}

/** `affected`, `affected:build`, `show projects --affected`, `graph --affected`, `release plan`: rather one too many. */
function comparesRevisions(words: readonly string[]): boolean {
  return words.some((word) => /^(print-)?affected(:.*)?$|^--affected(=true)?$|^release$/.test(word));
}

function isSet(words: readonly string[], option: string): boolean {
  return words.includes(`--${option}`) || words.includes(`--${option}=true`);
}

/** Of `--option=value` and `--option value`; the last one counts. */
function valueOf(words: readonly string[], option: string): string | undefined {
  let value: string | undefined;
  for (const [index, word] of words.entries()) {
    if (word === `--${option}`) value = words[index + 1] ?? '';
    if (word.startsWith(`--${option}=`)) value = word.slice(option.length + 3);
  }
  return value;
}
