import { randomUUID } from 'node:crypto';

/** A text with `{{n}}`, `{{n % K}}` and `{{uuid}}` in it, ready to be filled in per request. */
export interface Template {
  /** Nothing to fill in: the same text for every request. */
  constant: boolean;
  expand(n: number): string;
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * `n` counts the requests of one scenario from 0, warm-up included, so that a name made with it is never used twice.
 * Mistakes are pushed, not thrown: a scenario file reports all of them at once.
 */
export function compileTemplate(text: string, mistakes: string[] = []): Template {
  const parts: Array<string | ((n: number) => string)> = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    parts.push(text.slice(end, match.index), compilePlaceholder(match[1] ?? '', mistakes));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return {
    constant: parts.every((part) => typeof part === 'string'),
    expand: (n) => parts.map((part) => (typeof part === 'string' ? part : part(n))).join(''),
  };
}

/** What is left of the text without its placeholders, to check characters that may not stand in a path or header. */
export function withoutPlaceholders(text: string): string {
  return text.replace(PLACEHOLDER, '');
}

function compilePlaceholder(expression: string, mistakes: string[]): (n: number) => string {
  if (expression === 'n') return String;
  if (expression === 'uuid') return () => randomUUID();
  const modulus = /^n\s*%\s*(\d+)$/.exec(expression)?.[1];
  if (modulus !== undefined && Number(modulus) > 0 && Number.isSafeInteger(Number(modulus))) {
    return (n) => String(n % Number(modulus));
  }
  mistakes.push(`unknown placeholder {{${expression}}}: it may be {{n}}, {{n % 100}} or {{uuid}}`);
  return () => '';
}
