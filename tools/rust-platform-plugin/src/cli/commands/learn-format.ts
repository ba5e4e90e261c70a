import { LEARNED_INPUTS_FILE, type LearnedInputs } from '../../cargo/learned-inputs';
import type { Lesson, UnsettledCrate } from './learn-lesson';

export function formatLesson({ added, unsettled }: Lesson, { check }: { check: boolean }): string {
  const lines = addedLines(added);
  const parts = [
    lines.length > 0 ? headline(lines, check) : [nothing(unsettled)],
    unsettled.length > 0
      ? ['not settled, so that no result of it is kept:', ...unsettled.flatMap(unsettledLines)]
      : [],
    lines.length > 0 ? [check ? 'fix: rust-platform learn' : `commit ${LEARNED_INPUTS_FILE}`] : [],
  ];
  return `${parts.flat().join('\n')}\n`;
}

function headline(lines: string[], check: boolean): string[] {
  return [check ? `${LEARNED_INPUTS_FILE} does not hold:` : `${LEARNED_INPUTS_FILE}: added`, ...lines];
}

function nothing(unsettled: UnsettledCrate[]): string {
  return unsettled.length > 0
    ? 'no build has observed anything that is not declared'
    : 'nothing to learn: everything that builds have read is in their keys';
}

function addedLines(added: LearnedInputs): string[] {
  return Object.entries(added).flatMap(([project, { files, environment, settles }]) => [
    ...files.map((file) => `  ${project}: ${file === '.git' ? 'the state of git' : `file ${file}`}`),
    ...environment.map((name) => `  ${project}: variable ${name}`),
    ...settles.map((reason) => `  ${project}: settled ${reason}`),
  ]);
}

function unsettledLines({ project, reason, command }: UnsettledCrate): string[] {
  const way = command
    ? `to observe it: ${command}, then rust-platform learn ${project}`
    : `no build can tell: name in ${LEARNED_INPUTS_FILE} what it reads, and this line in its settles`;
  return [`  ${project}: ${reason}`, `    ${way}`];
}
