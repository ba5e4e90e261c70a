import { EXIT, PlatformError } from '../errors';
import type { ServiceModel } from '../service-model/service-model';
import { didYouMean } from './nearest-names';
import type { RunCommand } from './run-command';

export interface ServiceWords {
  words: readonly string[];
  command: Pick<RunCommand, 'name' | 'servicesOnly'>;
  model: ServiceModel;
  /**
   * All projects of the workspace, `undefined` when Nx cannot say: asked only for a word that no crate has, because Nx
   * takes a second for it.
   */
  listProjects: () => Promise<string[] | undefined>;
}

/** Nx project names for the words of a command line; globs and tags (`tag:api`, `!web-*`) are left to Nx. */
export async function resolveServices({
  words,
  command,
  model,
  listProjects,
}: ServiceWords): Promise<string[]> {
  const resolved: string[] = [];
  for (const word of words) {
    const crate = model.crates.find((one) => one.project === word || one.packageName === word);
    if (crate && command.servicesOnly && !crate.service) throw notAService(crate.project, command.name);
    if (crate) resolved.push(crate.project);
    else if (isPattern(word)) resolved.push(word);
    else resolved.push(assertKnown(word, await listProjects(), model));
  }
  return [...new Set(resolved)];
}

export function isPattern(word: string): boolean {
  return /[*!:{}]/.test(word);
}

/** Without a list the word is kept: Nx then says itself what is wrong. */
function assertKnown(word: string, projects: readonly string[] | undefined, model: ServiceModel): string {
  if (projects === undefined || projects.includes(word)) return word;
  const names = [...new Set([...model.crates.map(({ project }) => project), ...projects])].sort();
  throw new PlatformError({
    code: 'unknown-service',
    what: `There is no service or project called ${word}`,
    why: names.length > 0 ? `there are ${names.join(', ')}` : 'the workspace has no projects',
    fix: didYouMean(word, names) ?? 'nx show projects',
    exitCode: EXIT.usage,
  });
}

function notAService(project: string, target: string): PlatformError {
  return new PlatformError({
    code: 'not-a-service',
    what: `${project} has no target ${target}: it is a library`,
    why: 'a service is a crate with a binary and a web framework among its dependencies',
    fix: `if it is one: add to its Cargo.toml\n[package.metadata.rust-platform]\nservice = true`,
    exitCode: EXIT.usage,
  });
}
