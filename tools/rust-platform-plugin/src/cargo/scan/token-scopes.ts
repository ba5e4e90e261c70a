import type { Token } from './lex-rust';

/** Tokens from `start` up to, not including, `end`. */
export interface Range {
  start: number;
  end: number;
}

interface RustFunction {
  name: string;
  parameters: string[];
  body: Range;
}

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);
const NO_NAME = new Set(['mut', 'ref', 'self', 'let', 'if', 'while', 'for', 'in', 'move', 'impl', 'dyn']);

/** Functions of a source and what their names are bound to: as far as tokens tell, without types. */
export class TokenScopes {
  private readonly closing = new Map<number, number>();
  private readonly functions: RustFunction[] = [];
  /** Innermost function of each token, by its place in `functions`, plus one. */
  private readonly owner: Uint32Array;
  /** By name; a range is that of the expression. */
  private readonly bound = new Map<string, Range[]>();
  private readonly called = new Map<string, Range[]>();

  constructor(readonly tokens: Token[]) {
    this.owner = new Uint32Array(tokens.length);
    this.matchDelimiters();
    for (let index = 0; index < tokens.length; index++) this.read(index);
  }

  /** What stands between the delimiters that open at `index`. */
  inside(index: number): Range | undefined {
    const end = this.closing.get(index);
    return end === undefined ? undefined : { start: index + 1, end };
  }

  /** Up to the first comma on its level. */
  firstArgument({ start, end }: Range): Range {
    const comma = this.find(start, ',', '');
    return { start, end: comma === undefined ? end : Math.min(comma, end) };
  }

  functionAt(index: number): RustFunction | undefined {
    return this.functions[(this.owner[index] ?? 0) - 1];
  }

  functionNamed(name: string): RustFunction | undefined {
    return this.functions.find((candidate) => candidate.name === name);
  }

  /** Expressions that a name stands for at `index`: of its own function, else of constants. */
  bindings(name: string, index: number): Range[] {
    const all = this.bound.get(name) ?? [];
    const scope = this.functionAt(index);
    const own = all.filter(({ start }) => this.functionAt(start) === scope);
    return own.length > 0 ? own : all.filter(({ start }) => this.functionAt(start) === undefined);
  }

  /** Arguments of every call of a function. */
  calls(name: string): Range[] {
    return this.called.get(name) ?? [];
  }

  /** From the start of the outermost statement of the function up to `index`: there its patterns get their values from. */
  statementBefore(index: number): Range {
    const body = this.functionAt(index)?.body ?? { start: 0, end: this.tokens.length };
    let start = body.start;
    for (let at = body.start; at < index; at++) {
      const end = this.closing.get(at);
      if (end !== undefined && end <= index) {
        const isBlock = this.mark(at) === '{';
        at = end;
        if (isBlock && !['.', '?', ';', ')', ','].includes(this.mark(at + 1) ?? '')) start = at + 1;
      } else if (this.mark(at) === ';') start = at + 1;
      else if (end !== undefined) break;
    }
    return { start, end: index };
  }

  private mark(index: number): string | undefined {
    const token = this.tokens[index];
    return token?.kind === 'mark' ? token.value : undefined;
  }

  private matchDelimiters(): void {
    const open: number[] = [];
    for (let index = 0; index < this.tokens.length; index++) {
      const mark = this.mark(index);
      if (mark === undefined) continue;
      if (OPENING.has(mark)) open.push(index);
      else if (CLOSING.has(mark)) {
        const start = open.pop();
        if (start !== undefined) this.closing.set(start, index);
      }
    }
  }

  private read(index: number): void {
    const { kind, value } = this.tokens[index] as Token;
    if (kind !== 'word') return;
    if (value === 'fn') this.readFunction(index);
    else if (value === 'let' || value === 'const' || value === 'static') this.readBinding(index, '=');
    else if (value === 'for') this.readBinding(index, 'in');
    else if (this.mark(index + 1) === '(' && this.tokens[index - 1]?.value !== 'fn')
      this.readCall(value, index);
    else if (this.mark(index + 1) === '.') this.readGrowth(value, index);
  }

  private readFunction(index: number): void {
    const name = this.tokens[index + 1]?.value ?? '';
    const open = this.find(index + 2, '(', '{;');
    if (open === undefined) return;
    const end = this.closing.get(open) ?? open;
    const brace = this.find(end + 1, '{', ';');
    const body = brace === undefined ? undefined : this.inside(brace);
    if (!body) return;
    this.functions.push({ name, parameters: this.parameters(open + 1, end), body });
    this.owner.fill(this.functions.length, body.start, body.end);
  }

  /** Words before a colon. */
  private parameters(start: number, end: number): string[] {
    const names: string[] = [];
    for (let at = start; at < end; at++) {
      const isPath = this.mark(at + 2) === ':' || this.mark(at - 1) === ':';
      if (this.tokens[at]?.kind === 'word' && this.mark(at + 1) === ':' && !isPath)
        names.push(this.tokens[at]?.value ?? '');
    }
    return names;
  }

  /** `let <pattern>: <type> = <expression>;`, `if let … = <expression> {`, `for <pattern> in <expression> {`. */
  private readBinding(index: number, sign: '=' | 'in'): void {
    const before = this.tokens[index - 1]?.value;
    const opensBlock = sign === 'in' || before === 'if' || before === 'while';
    const names: string[] = [];
    let at = index + 1;
    let isType = false;
    for (; at < this.tokens.length; at++) {
      const { kind, value } = this.tokens[at] as Token;
      if (value === sign && (sign === 'in') === (kind === 'word')) break;
      if (kind === 'mark' && (value === ';' || (value === '{' && opensBlock && sign === 'in'))) return;
      if (kind === 'mark' && value === ':' && this.mark(at + 1) !== ':' && this.mark(at - 1) !== ':')
        isType = true;
      if (kind === 'word' && !isType && !NO_NAME.has(value)) names.push(value);
    }
    const end = this.find(at + 1, opensBlock ? '{' : ';', '') ?? this.tokens.length;
    for (const name of names) append(this.bound, name, { start: at + 1, end });
  }

  private readCall(name: string, index: number): void {
    const range = this.inside(index + 1);
    if (range) append(this.called, name, range);
  }

  /** `path.push("x")` adds to what the name stands for. */
  private readGrowth(name: string, index: number): void {
    const method = this.tokens[index + 2]?.value;
    const range = this.inside(index + 3);
    if (range && (method === 'push' || method === 'set_file_name' || method === 'extend'))
      append(this.bound, name, range);
    else if (range && method === 'pop') append(this.bound, name, { start: index + 2, end: index + 3 });
  }

  /** The first such mark on this level, before any of `unless`. */
  private find(start: number, wanted: string, unless: string): number | undefined {
    for (let at = start; at < this.tokens.length; at++) {
      const mark = this.mark(at);
      if (mark === wanted) return at;
      if (mark !== undefined && (unless.includes(mark) || CLOSING.has(mark))) return undefined;
      at = this.closing.get(at) ?? at;
    }
    return undefined;
  }
}

function append(map: Map<string, Range[]>, name: string, range: Range): void {
  const known = map.get(name);
  if (known) known.push(range);
  else map.set(name, [range]);
}
