import { createColors } from 'picocolors';
import { changeText } from './change-text';
import type { Explanation, RunReference } from './explanation';
import { formatKey } from './format-key';
import { counted, GROUP_NAMES } from './group-names';
import { momentText } from './moments';

export interface ExplanationFormat {
  colour: boolean;
  now: Date;
  /** Every ingredient of the key instead of their number. */
  key: boolean;
}

const MOST_CHANGES = 25;
const LABEL = 15;

/** One task: the answer first, then what it rests on. */
export function formatExplanation(explanation: Explanation, format: ExplanationFormat): string {
  const { bold, dim } = createColors(format.colour);
  const { answer, steps = [] } = explanation;
  const details = detailsOf(explanation, format).map(([label, text]) =>
    `  ${dim(label.padEnd(LABEL))}${text}`.trimEnd(),
  );
  const key = format.key && explanation.key ? formatKey(explanation.key) : [];
  const own = [bold(answer), ...(details.length > 0 ? ['', ...details] : []), ...key].join('\n');
  const parts = steps
    .filter(({ outcome }) => outcome !== 'never-cached')
    .map((step) => formatExplanation(step, format));
  return `${[own, ...parts]
    .join('\n\n')
    .trimEnd()
    .replace(/\n{3,}/g, '\n\n')}\n`;
}

type Detail = [label: string, text: string];

function detailsOf(explanation: Explanation, { now, key }: ExplanationFormat): Detail[] {
  const { run, comparedWith, madeBy, changes, notKept, notes, fix } = explanation;
  const isBaseline = comparedWith && (changes.length > 0 || !madeBy);
  return [
    ...reference('run', run, now),
    ...reference('made by', madeBy, now),
    ...(isBaseline ? reference('compared with', comparedWith, now) : []),
    ...changeLines(explanation),
    ...labelled('not kept', notKept),
    ...labelled('note', notes),
    ...(key ? [] : keyLine(explanation)),
    ...labelled('fix', fix),
  ];
}

function reference(label: string, run: RunReference | undefined, now: Date): Detail[] {
  if (!run) return [];
  return [[label, `${momentText(run.startedAt, now)}  ${run.command ?? 'a run that is not recorded here'}`]];
}

function changeLines({ changes }: Explanation): Detail[] {
  if (changes.length === 0) return [];
  const lines = changes
    .slice(0, MOST_CHANGES)
    .map((change): Detail => [`  ${GROUP_NAMES[change.group].label}`, changeText(change)]);
  const more = changes.length - lines.length;
  return [
    ['changed', ''],
    ...lines,
    ...(more > 0 ? [['', `and ${more} more (--json has all)`] as Detail] : []),
  ];
}

function labelled(label: string, texts: readonly string[]): Detail[] {
  return texts.map((text, at) => [at === 0 ? label : '', text]);
}

function keyLine({ key }: Explanation): Detail[] {
  if (!key) return [];
  const groups = key.groups.map(({ group, count }) => counted(group, count));
  return [['key', `${[...groups, counted('nx', key.nx.length)].join(', ')} (--key lists them)`]];
}
