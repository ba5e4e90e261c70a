import { CUTS, type CommitFigures, type CutFigures, type Finding } from './compare-states';
import type { Replay } from './replay';
import type { Cut } from './truth/truth';

const MOST_EXAMPLES = 10;

export interface CutSummary {
  stale: number;
  needless: number;
  /** Mean share of the members whose key changes with a commit, in percent. */
  meanShare: number;
}

export interface ReplaySummary extends Record<Cut, CutSummary> {
  repository: string;
  commits: number;
  /** Most members at one commit. */
  members: number;
  appeared: number;
  vanished: number;
  untold: Record<string, number>;
  unlike: string[];
  secondsPer100: number;
  keySecondsPer100: number;
  cpuSecondsPer100: number;
}

export function summarize({ repository, commits, seconds, keySeconds, cpuSeconds }: Replay): ReplaySummary {
  const per100 = (total: number): number =>
    commits.length === 0 ? 0 : round((total / commits.length) * 100);
  return {
    repository,
    commits: commits.length,
    members: Math.max(0, ...commits.map(({ members }) => members)),
    appeared: sum(commits, ({ appeared }) => appeared),
    vanished: sum(commits, ({ vanished }) => vanished),
    untold: addUp(commits.map(({ untold }) => untold)),
    unlike: [...new Set(commits.flatMap(({ unlike }) => unlike))].sort(),
    build: summarizeCut(commits, 'build'),
    test: summarizeCut(commits, 'test'),
    clippy: summarizeCut(commits, 'clippy'),
    secondsPer100: per100(seconds),
    keySecondsPer100: per100(keySeconds),
    cpuSecondsPer100: per100(cpuSeconds),
  };
}

export function formatSummary(summary: ReplaySummary): string[] {
  const { commits, members, appeared, vanished, untold, unlike } = summary;
  const reasons = Object.entries(untold).map(([reason, count]) => `${count} × ${reason}`);
  return [
    `${commits} commits change a Cargo.lock, up to ${members} members (${appeared} appeared, ${vanished} vanished)`,
    ...CUTS.map((cut) => {
      const { stale, needless, meanShare } = summary[cut];
      return `${cut.padEnd(6)}  stale ${stale}, needless ${needless}, mean share invalidated ${meanShare} % (whole lock: 100 %)`;
    }),
    ...(reasons.length > 0 ? [`without a key, so never reused: ${reasons.join(', ')}`] : []),
    ...(unlike.length > 0 ? [`read differently: ${some(unlike)}`] : []),
    `${summary.secondsPer100} s per 100 commits (${summary.cpuSecondsPer100} s of the processor), of which keys ${summary.keySecondsPer100} s`,
  ];
}

/** What went wrong, with the lines that differ. */
export function formatFindings(commits: CommitFigures[]): string[] {
  return CUTS.flatMap((cut) =>
    (['stale', 'needless'] as const).flatMap((kind) => {
      const found = commits.flatMap(({ cuts }) => cuts[cut][kind]);
      const lines = found
        .slice(0, MOST_EXAMPLES)
        .flatMap((finding) => formatFinding(`${kind} ${cut}`, finding));
      return found.length > MOST_EXAMPLES
        ? [...lines, `… ${found.length - MOST_EXAMPLES} more ${kind} ${cut}`]
        : lines;
    }),
  );
}

function formatFinding(kind: string, { commit, manifest, difference }: Finding): string[] {
  return [`${kind}: ${manifest} at ${commit.slice(0, 12)}`, ...difference.map((line) => `    ${line}`)];
}

function summarizeCut(commits: CommitFigures[], cut: Cut): CutSummary {
  const shares = commits.filter(({ members }) => members > 0);
  const count = (list: (figures: CutFigures) => Finding[]): number =>
    sum(commits, ({ cuts }) => list(cuts[cut]).length);
  const share = sum(shares, ({ cuts, members }) => cuts[cut].invalidated / members);
  return {
    stale: count(({ stale }) => stale),
    needless: count(({ needless }) => needless),
    meanShare: shares.length === 0 ? 0 : round((share / shares.length) * 100),
  };
}

function some(texts: string[]): string {
  const rest = texts.length > 5 ? `, … (${texts.length})` : '';
  return `${texts.slice(0, 5).join(', ')}${rest}`;
}

function addUp(counts: Array<Record<string, number>>): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one)))
    total[name] = (total[name] ?? 0) + count;
  return total;
}

function sum<T>(items: T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
