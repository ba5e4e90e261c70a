import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  mergeLearned,
  NOTHING_LEARNED,
  type LearnedCrate,
  type LearnedInputs,
} from '../../cargo/learned-inputs';
import type { ObservedInputs } from '../../cargo/learned-inputs-observed';
import { DeclaredScan, type DeclaredInputs } from '../../cargo/scan/declared-inputs';
import { ScanCache } from '../../cargo/scan/scan-cache';
import type { ScannedCrate } from '../../cargo/scan/scanned-crate';
import type { UnsettledInput } from '../../cargo/scan/unsettled-input';

export interface UnsettledCrate {
  project: string;
  reason: string;
  /** Builds it, so that what it reads is seen; without one a person must declare it. */
  command?: string;
}

export interface Lesson {
  /** What the committed file does not hold yet. */
  added: LearnedInputs;
  /** What stays open with that. */
  unsettled: UnsettledCrate[];
}

export interface LessonRequest {
  workspaceRoot: string;
  env: NodeJS.ProcessEnv;
  crates: readonly ScannedCrate[];
  projects: ReadonlySet<string>;
  learned: LearnedInputs;
  observed: ObservedInputs;
}

/** What was observed and still holds: sources may have changed since. */
export function lessonOf(request: LessonRequest): Lesson {
  const { workspaceRoot, env, crates, projects, learned, observed } = request;
  const cache = ScanCache.open(workspaceRoot, env);
  const scan = new DeclaredScan({ workspaceRoot, crates, env, cache, learned });
  const lesson: Lesson = { added: {}, unsettled: [] };
  for (const crate of crates.filter(({ project }) => projects.has(project))) {
    const declared = scan.of(crate);
    const known = learned[crate.project] ?? NOTHING_LEARNED;
    const added = news(observed[crate.project] ?? NOTHING_LEARNED, known, declared, workspaceRoot);
    if (added.files.length + added.environment.length + added.settles.length > 0)
      lesson.added[crate.project] = added;
    const settled = new Set(added.settles);
    for (const input of declared.open.filter(({ reason }) => !settled.has(reason)))
      lesson.unsettled.push(unsettledCrate(crate.project, input));
  }
  return lesson;
}

function news(
  observed: LearnedCrate,
  known: LearnedCrate,
  { content, compileEnv, open, git, bakesPath }: DeclaredInputs,
  workspaceRoot: string,
): LearnedCrate {
  const isMissingFile = (file: string): boolean => {
    if (known.files.includes(file)) return false;
    if (file === '.git') return !git;
    const path = join(workspaceRoot, file);
    return existsSync(path) && !(path in content);
  };
  const isMissingVariable = (name: string): boolean =>
    !known.environment.includes(name) &&
    !compileEnv.includes(name) &&
    !(name === 'CARGO_MANIFEST_DIR' && bakesPath);
  return mergeLearned(NOTHING_LEARNED, {
    files: observed.files.filter(isMissingFile),
    environment: observed.environment.filter(isMissingVariable),
    settles: observed.settles.filter((reason) => open.some((input) => input.reason === reason)),
  });
}

function unsettledCrate(project: string, { reason, observable, inTests }: UnsettledInput): UnsettledCrate {
  if (!observable) return { project, reason };
  return { project, reason, command: `nx run ${project}:${inTests ? 'test' : 'build'}` };
}
