import type { Token } from './lex-rust';
import type { Range } from './token-scopes';

/** The text that arguments consist of, if they are nothing else. */
export function onlyText(tokens: readonly Token[], { start, end }: Range): string | undefined {
  const texts = tokens.slice(start, end).filter(({ value }) => value !== ',' && value !== '&');
  return texts.length === 1 && texts[0]?.kind === 'text' ? texts[0].value : undefined;
}

/** Of `std::fs::read`, that of `std`. */
export function startOfPath(tokens: readonly Token[], index: number): number {
  const at = (place: number): string | undefined => tokens[place]?.value;
  let start = index;
  while (at(start - 1) === ':' && at(start - 2) === ':') start -= 3;
  return Math.max(start, 0);
}

/** As it stands in the source, without blanks, shortened. */
export function show(tokens: readonly Token[], { start, end }: Range): string {
  const shown = tokens
    .slice(start, end)
    .map(({ kind, value }) => (kind === 'text' ? JSON.stringify(value) : value))
    .join('');
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}
