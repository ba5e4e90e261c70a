import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatLearnedInputs,
  LEARNED_INPUTS_FILE,
  mergeLearned,
  NOTHING_LEARNED,
  readLearnedInputs,
  type LearnedInputs,
} from '../../cargo/learned-inputs';
import {
  readObservedInputs,
  writeObservedInputs,
  type ObservedInputs,
} from '../../cargo/learned-inputs-observed';
import { EXIT, PlatformError } from '../../errors';
import { loadPlatformOptions } from '../../service-model/load-platform-options';
import { loadServiceModel } from '../../service-model/load-service-model';
import type { ServiceModel } from '../../service-model/service-model';
import { createContext } from '../cli-context';
import { didYouMean } from '../nearest-names';
import { formatLesson } from './learn-format';
import { lessonOf } from './learn-lesson';

export async function runLearn(
  words: readonly string[],
  { check, json }: { check: boolean; json: boolean },
): Promise<number> {
  const { workspaceRoot, env, write } = createContext();
  const options = await loadPlatformOptions(workspaceRoot);
  const model = await loadServiceModel({ workspaceRoot, options });
  const projects = projectsOf(words, model);
  const stateDirectory = join(workspaceRoot, options.stateDirectory);
  const learned = readLearnedInputs(workspaceRoot);
  const observed = readObservedInputs(stateDirectory);
  const lesson = lessonOf({ workspaceRoot, env, crates: model.crates, projects, learned, observed });
  const isNew = Object.keys(lesson.added).length > 0;
  if (!check) {
    if (isNew)
      writeFileSync(
        join(workspaceRoot, LEARNED_INPUTS_FILE),
        formatLearnedInputs(united(learned, lesson.added)),
      );
    forget(stateDirectory, observed, projects);
  }
  write(
    json ? `${JSON.stringify({ schemaVersion: 1, ...lesson }, null, 2)}\n` : formatLesson(lesson, { check }),
  );
  return check && isNew ? EXIT.checkFailed : EXIT.ok;
}

/** Words are names of projects or of packages. */
function projectsOf(words: readonly string[], { crates }: ServiceModel): Set<string> {
  if (words.length === 0) return new Set(crates.map(({ project }) => project));
  return new Set(
    words.map((word) => {
      const crate = crates.find(({ project, packageName }) => project === word || packageName === word);
      if (crate) return crate.project;
      const names = crates.map(({ project }) => project).sort();
      throw new PlatformError({
        code: 'unknown-crate',
        what: `There is no crate called ${word}`,
        why: names.length > 0 ? `there are ${names.join(', ')}` : 'the workspace has no crates',
        fix: didYouMean(word, names) ?? 'rust-platform learn',
        exitCode: EXIT.usage,
      });
    }),
  );
}

function united(learned: LearnedInputs, added: LearnedInputs): LearnedInputs {
  const all = { ...learned };
  for (const [project, crate] of Object.entries(added))
    all[project] = mergeLearned(learned[project] ?? NOTHING_LEARNED, crate);
  return all;
}

function forget(stateDirectory: string, observed: ObservedInputs, projects: ReadonlySet<string>): void {
  const rest = Object.entries(observed).filter(([project]) => !projects.has(project));
  if (rest.length < Object.keys(observed).length)
    writeObservedInputs(stateDirectory, Object.fromEntries(rest));
}
