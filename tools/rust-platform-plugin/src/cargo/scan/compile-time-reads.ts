import {
  BUILDERS,
  BUILDER_METHODS,
  C_COMPILERS,
  DECLARING,
  FILE_SYSTEM,
  GIT,
  MANIFEST_READERS,
  NETWORK,
  READERS,
  WALKERS,
  WRITERS,
} from './compile-time-words';
import { unique, type ComputedRead, type FunctionReads } from './function-reads';
import { lexRust, type Token } from './lex-rust';
import { originsOf } from './origins';
import { pathsIn } from './path-texts';
import { mayBeVariable } from './reads-any-environment';
import { TokenScopes, type Range } from './token-scopes';
import { onlyText, show, startOfPath } from './token-texts';
import { withoutTests } from './without-tests';

/** By function, in their order. */
export function compileTimeReads(source: string): FunctionReads[] {
  const tokens = withoutTests(lexRust(source));
  return new ReadFinder(new TokenScopes(tokens), BUILDERS.test(source)).find();
}

type ListName = 'texts' | 'files' | 'writes' | 'reads' | 'variables' | 'programs' | 'declares' | 'calls';

class ReadFinder {
  private readonly functions = new Map<string, FunctionReads>();
  /** Of the function that is being read. */
  private found: FunctionReads = { name: '' };
  private readonly tokens: Token[];

  constructor(
    private readonly scopes: TokenScopes,
    private readonly usesBuilders: boolean,
  ) {
    this.tokens = scopes.tokens;
  }

  find(): FunctionReads[] {
    this.tokens.forEach(({ kind, value }, index) => {
      if (kind === 'mark') return;
      const name = this.scopes.functionAt(index)?.name ?? '';
      if (name !== this.found.name || this.functions.size === 0) this.found = this.functionOf(name);
      if (kind === 'text') this.text(value);
      else this.word(value, index);
    });
    const parts = [...this.functions.values()];
    for (const part of parts)
      for (const [key, value] of Object.entries(part))
        if (Array.isArray(value)) Object.assign(part, { [key]: unique(value) });
    return parts.filter((part) => Object.keys(part).length > 1);
  }

  private functionOf(name: string): FunctionReads {
    const found = this.functions.get(name) ?? { name };
    this.functions.set(name, found);
    return found;
  }

  private list<Name extends ListName>(name: Name): NonNullable<FunctionReads[Name]> {
    return (this.found[name] ??= []) as NonNullable<FunctionReads[Name]>;
  }

  private text(value: string): void {
    const [, directive, argument = ''] = /^cargo::?rerun-if-(env-)?changed=(.*)$/s.exec(value) ?? [];
    if (/^cargo::?rerun-if-/.test(value)) this.found.reruns = true;
    if (directive === undefined && argument === '') this.list('texts').push(...pathsIn(value));
    else if (directive === undefined) {
      this.found.declaresFiles = true;
      this.list('texts').push(...pathsIn(argument));
    } else if (argument.includes('{')) this.found.declaresVariables = true;
    else this.list('declares').push(argument);
    if (mayBeVariable(value)) this.list('variables').push(value);
  }

  private word(name: string, index: number): void {
    const next = this.at(index + 1);
    if (next === '(' || next === '!' || this.at(index - 1) === ':') this.list('calls').push(name);
    if (GIT.has(name)) this.found.git = true;
    if (MANIFEST_READERS.has(name)) this.found.manifest = true;
    if (DECLARING.test(name)) this.found.reruns = true;
    if (C_COMPILERS.has(name) && this.at(index + 1) === ':') this.found.cCompiler = true;
    if (NETWORK.has(name)) this.found.network = true;
    if (this.at(index + 1) === '!') return this.macro(name, index);
    const args = this.at(index + 1) === '(' ? this.scopes.inside(index + 1) : undefined;
    if (!args) return this.passed(name, index);
    if (name === 'new' && this.at(index - 3) === 'Command') this.program(args);
    else if (WRITERS.has(name)) this.write(name, args, index);
    else if (this.isReader(name, index)) this.file(name, args, index);
    else if (name === 'var' || name === 'var_os') this.variable(args, index);
    else if ((name === 'vars' || name === 'vars_os') && this.at(index - 1) !== '.')
      this.allVariables(name, index);
  }

  /** `map(fs::read_to_string)`, `map(env::var)`. */
  private passed(name: string, index: number): void {
    if (this.at(index - 1) !== ':' || this.at(index + 1) === ':' || this.at(index + 1) === ';') return;
    const isOfFiles = FILE_SYSTEM.has(this.at(index - 3) ?? '') && (name === 'read' || READERS.has(name));
    const isOfEnvironment = this.at(index - 3) === 'env' && (name === 'var' || name === 'var_os');
    if (this.isInUse(index) || !(isOfFiles || isOfEnvironment)) return;
    this.add(
      isOfFiles ? 'file' : 'variable',
      this.scopes.statementBefore(index),
      `${this.at(index - 3)}::${name}`,
    );
  }

  private isInUse(index: number): boolean {
    for (let at = index; at >= 0 && this.at(at) !== ';'; at--) if (this.at(at) === 'use') return true;
    return false;
  }

  private isReader(name: string, index: number): boolean {
    const owner = this.at(index - 1) === ':' ? this.at(index - 3) : undefined;
    const isMethod = this.at(index - 1) === '.';
    if (name === 'read' || name === 'copy') return FILE_SYSTEM.has(owner ?? '');
    if (name === 'open') return owner === 'File' || (isMethod && this.statementHas(index, 'OpenOptions'));
    if (name === 'new') return WALKERS.has(owner ?? '');
    if (this.usesBuilders && BUILDER_METHODS.has(name))
      return this.at(index - 1) === '.' || owner !== undefined;
    if (this.at(index - 1) === 'fn') return false;
    return READERS.has(name) && (!isMethod || name === 'read_dir');
  }

  private statementHas(index: number, name: string): boolean {
    const { start, end } = this.scopes.statementBefore(index);
    return this.tokens.slice(start, end).some(({ value }) => value === name);
  }

  private file(name: string, args: Range, index: number): void {
    const literal = onlyText(this.tokens, args);
    if (literal !== undefined) this.list('files').push(literal);
    else if (args.start === args.end) this.add('file', this.scopes.statementBefore(index), `….${name}()`);
    else
      this.add(
        'file',
        args,
        show(this.tokens, { start: startOfPath(this.tokens, index), end: args.end + 1 }),
      );
  }

  /** `.out_dir("src/gen")`, `fs::write("src/gen.rs", text)`. */
  private write(name: string, args: Range, index: number): void {
    const isMethod = this.at(index - 1) === '.';
    const owner = this.at(index - 1) === ':' ? (this.at(index - 3) ?? '') : '';
    const isOfFiles = FILE_SYSTEM.has(owner) || owner === 'File' || /_dir$|_file$/.test(name);
    if (!isOfFiles || (isMethod && name === 'write')) return;
    const { texts, derived } = originsOf(this.scopes, this.scopes.firstArgument(args));
    if (!derived) this.list('writes').push(...texts);
  }

  private variable(args: Range, index: number): void {
    if (this.at(index - 1) === '.' || this.at(index - 1) === 'fn') return;
    const literal = onlyText(this.tokens, args);
    if (literal !== undefined) this.list('variables').push(literal);
    else this.add('variable', args, show(this.tokens, { start: index, end: args.end + 1 }));
  }

  /** Most often of features and settings, whose names are cargo's. */
  private allVariables(name: string, index: number): void {
    const body = this.scopes.functionAt(index)?.body ?? { start: 0, end: this.tokens.length };
    this.add('variable', body, `${name}()`);
  }

  private program(args: Range): void {
    const literal = onlyText(this.tokens, args);
    if (literal === 'git') this.found.git = true;
    else if (literal !== undefined) this.list('programs').push(literal);
    else this.add('program', args, show(this.tokens, { start: args.start - 5, end: args.end + 1 }));
  }

  /** `println!("cargo:rerun-if-changed={}", path.display())`. */
  private macro(name: string, index: number): void {
    if (!/^(println|print|writeln|write|format)$/.test(name)) return;
    const args = this.scopes.inside(index + 2);
    const at = args && this.tokens.slice(args.start, args.end).findIndex(({ kind }) => kind === 'text');
    if (args === undefined || at === undefined || at === -1) return;
    const { value } = this.tokens[args.start + at] as Token;
    // A line of a variable reads nothing: what does counts by itself.
    const argument = /^cargo::?rerun-if-changed=(.*\{.*)$/s.exec(value)?.[1];
    if (argument === undefined) return;
    const names = [...argument.matchAll(/\{([a-z_]\w*)[^}]*\}/g)].map(([, captured = '']) => captured);
    const rest = { start: args.start + at + 1, end: args.end };
    const origins = names.flatMap((captured) => this.scopes.bindings(captured, index));
    const ranges = rest.start < rest.end ? [rest, ...origins] : origins;
    for (const range of ranges.length > 0 ? ranges : [{ start: index, end: index + 1 }])
      this.add('file', range, JSON.stringify(value), pathsIn(argument));
  }

  private add(kind: ComputedRead['kind'], range: Range, what: string, texts: string[] = []): void {
    const origins = originsOf(this.scopes, range);
    if (kind === 'variable') this.list('variables').push(...origins.constants);
    this.list('reads').push({ what, kind, ...origins, texts: unique([...texts, ...origins.texts]) });
  }

  private at(index: number): string | undefined {
    return this.tokens[index]?.value;
  }
}
