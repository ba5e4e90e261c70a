export interface Token {
  /** `text`: a string literal, its value unescaped. `mark`: one character of punctuation. */
  kind: 'word' | 'text' | 'mark';
  value: string;
}

const RAW_STRING = /(?:b|c)?r(#*)"/y;
const STRING = /(?:b|c)?"((?:[^"\\]|\\[\s\S])*)"/y;
/** `'a'`, `'\n'`, `'\u{1F600}'`; otherwise a quote starts a lifetime. */
const CHARACTER = /b?'(?:\\(?:u\{[^}]*\}|x[0-9a-fA-F]{2}|[\s\S])|[^\\'])'/uy;
const WORD = /(?:r#)?[\p{ID_Start}_$][\p{ID_Continue}]*/uy;
const SKIPPED = /\s+|\/\/[^\n]*/y;

/** Tokens of Rust source without comments, characters and numbers: enough to find macros, attributes and their strings. */
export function lexRust(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const skipped = matchAt(SKIPPED);
    if (skipped) {
      at += skipped[0].length;
      continue;
    }
    if (source.startsWith('/*', at)) {
      at = endOfBlockComment(source, at);
      continue;
    }
    const raw = matchAt(RAW_STRING);
    if (raw) {
      const close = `"${raw[1]}`;
      const start = at + raw[0].length;
      const end = source.indexOf(close, start);
      tokens.push({ kind: 'text', value: source.slice(start, end === -1 ? undefined : end) });
      at = end === -1 ? source.length : end + close.length;
      continue;
    }
    const literal = matchAt(STRING);
    if (literal) {
      tokens.push({ kind: 'text', value: unescape(literal[1] ?? '') });
      at += literal[0].length;
      continue;
    }
    const character = matchAt(CHARACTER);
    const word = character ? null : matchAt(WORD);
    if (word) tokens.push({ kind: 'word', value: word[0].replace(/^r#/, '') });
    else if (!character) tokens.push({ kind: 'mark', value: source[at] ?? '' });
    at += (character ?? word)?.[0].length ?? 1;
  }
  return tokens;
}

/** Block comments nest. */
function endOfBlockComment(source: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(source); match; match = mark.exec(source)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return source.length;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function unescape(text: string): string {
  return text.replace(
    /\\(?:u\{([0-9a-fA-F_]+)\}|x([0-9a-fA-F]{2})|\r?\n\s*|([\s\S]))/g,
    (_whole, unicode: string | undefined, hex: string | undefined, single: string | undefined) => {
      const code = unicode?.replaceAll('_', '') ?? hex;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16) || 0);
      return single === undefined ? '' : (ESCAPES[single] ?? single);
    },
  );
}
