import type { Token } from './lex-rust';

const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** The tokens between the delimiters that open at `index`; none when there is no delimiter. */
export function argumentsAt(tokens: Token[], index: number): Token[] {
  const open = tokens[index]?.value ?? '';
  const close = CLOSING[open];
  if (close === undefined || tokens[index]?.kind !== 'mark') return [];
  let depth = 0;
  for (let at = index; at < tokens.length; at++) {
    const { kind, value } = tokens[at] as Token;
    if (kind !== 'mark') continue;
    if (value === open) depth += 1;
    if (value === close) depth -= 1;
    if (depth === 0) return tokens.slice(index + 1, at);
  }
  return tokens.slice(index + 1);
}

export function firstText(args: Token[]): string | undefined {
  return args.find(({ kind }) => kind === 'text')?.value;
}

/** The path that the argument of an `include…!` stands for. */
export type MacroPath =
  | { kind: 'path'; base: 'file' | 'manifest'; path: string }
  /** Somewhere below this folder, which does not end in a name: `concat!("assets/", $name)`. */
  | { kind: 'below'; base: 'file' | 'manifest'; path: string }
  /** What a macro of the source is given: `$path`, or with texts around it. */
  | { kind: 'parameter'; base: 'file' | 'manifest'; before: string; behind: string }
  /** Below OUT_DIR, made by the build script. */
  | { kind: 'derived' }
  /** The value of a variable. */
  | { kind: 'variable'; name: string };

/** `undefined`: cannot be told. Known are texts, `concat!` of them, `env!` and one parameter of a `macro_rules!`. */
export function evaluatePath(args: Token[]): MacroPath | undefined {
  const [first, ...rest] = splitAtCommas(concatArguments(args) ?? args).map(evaluatePart);
  if (first === undefined) return undefined;
  if (first.kind === 'env' && first.name === 'OUT_DIR') return { kind: 'derived' };
  if (first.kind === 'env' && first.name !== 'CARGO_MANIFEST_DIR')
    return rest.length === 0 ? { kind: 'variable', name: first.name } : undefined;
  const base = first.kind === 'env' ? 'manifest' : 'file';
  const parts = first.kind === 'env' ? rest : [first, ...rest];
  const at = parts.findIndex(({ kind }) => kind !== 'text');
  const clean = (path: string) => (base === 'manifest' ? path.replace(/^\/+/, '') : path);
  if (at === -1) return { kind: 'path', base, path: clean(textOf(parts)) };
  const before = clean(textOf(parts.slice(0, at)));
  const behind = parts.slice(at + 1);
  if (parts[at]?.kind === 'parameter' && behind.every(({ kind }) => kind === 'text'))
    return { kind: 'parameter', base, before, behind: textOf(behind) };
  const folder = before.replace(/[^/]*$/, '');
  return folder === '' ? undefined : { kind: 'below', base, path: folder };
}

type Part =
  { kind: 'text'; text: string } | { kind: 'env'; name: string } | { kind: 'parameter' } | { kind: 'other' };

function textOf(parts: Part[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function concatArguments(args: Token[]): Token[] | undefined {
  const isConcat = args[0]?.value === 'concat' && args[1]?.value === '!';
  return isConcat ? argumentsAt(args, 2) : undefined;
}

function evaluatePart(part: Token[]): Part {
  const [first, bang] = part;
  if (part.length === 1 && first?.kind === 'text') return { kind: 'text', text: first.value };
  if (part.length === 1 && first?.kind === 'word' && first.value.startsWith('$'))
    return { kind: 'parameter' };
  const name = first?.value === 'env' && bang?.value === '!' ? firstText(argumentsAt(part, 2)) : undefined;
  return name === undefined ? { kind: 'other' } : { kind: 'env', name };
}

function splitAtCommas(tokens: Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'mark' && token.value in CLOSING) depth += 1;
    if (token.kind === 'mark' && Object.values(CLOSING).includes(token.value)) depth -= 1;
    if (depth === 0 && token.kind === 'mark' && token.value === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
