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

/**
 * The path that the argument of an `include…!` stands for: a text, or `concat!` of texts and `env!("CARGO_MANIFEST_DIR")`.
 * `derived`: below OUT_DIR, made by the build script. `undefined`: cannot be told.
 */
export function evaluatePath(
  args: Token[],
): { base: 'file' | 'manifest'; path: string } | 'derived' | undefined {
  const parts = splitAtCommas(concatArguments(args) ?? args).map(evaluatePart);
  if (parts.some((part) => part === undefined) || parts.length === 0) return undefined;
  const [first, ...rest] = parts as string[];
  if (first === OUT_DIR) return 'derived';
  if (rest.includes(OUT_DIR) || rest.includes(MANIFEST_DIR)) return undefined;
  if (first === MANIFEST_DIR) return { base: 'manifest', path: rest.join('').replace(/^\/+/, '') };
  return { base: 'file', path: parts.join('') };
}

const OUT_DIR = '\0OUT_DIR';
const MANIFEST_DIR = '\0MANIFEST_DIR';

function concatArguments(args: Token[]): Token[] | undefined {
  const isConcat = args[0]?.value === 'concat' && args[1]?.value === '!';
  return isConcat ? argumentsAt(args, 2) : undefined;
}

function evaluatePart(part: Token[]): string | undefined {
  const [first, bang] = part;
  if (part.length === 1 && first?.kind === 'text') return first.value;
  if (first?.value !== 'env' || bang?.value !== '!') return undefined;
  const name = firstText(argumentsAt(part, 2));
  if (name === 'OUT_DIR') return OUT_DIR;
  return name === 'CARGO_MANIFEST_DIR' ? MANIFEST_DIR : undefined;
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
