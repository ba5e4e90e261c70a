import type { Token } from './lex-rust';

/** Without modules and functions that only tests compile. */
export function withoutTests(tokens: Token[]): Token[] {
  const kept: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const shape = tokens
      .slice(index, index + 7)
      .map(({ value }) => value)
      .join('');
    if (shape !== '#[cfg(test)]') kept.push(tokens[index] as Token);
    else index = endOfItem(tokens, index + 7);
  }
  return kept;
}

/** Its last token: a `;`, or the brace that closes it. */
function endOfItem(tokens: Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const { kind, value } = tokens[at] as Token;
    if (kind !== 'mark') continue;
    if (value === '{') depth += 1;
    if (value === '}') depth -= 1;
    if (depth === 0 && (value === '}' || value === ';')) return at;
  }
  return tokens.length;
}
