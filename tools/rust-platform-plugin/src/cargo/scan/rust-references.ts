import { lexRust, type Token } from './lex-rust';
import { argumentsAt, evaluatePath, firstText } from './macro-arguments';
import { isVariableName, mayBeVariable, readsAnyEnvironment } from './reads-any-environment';

/** A path in a source file, and what it is relative to. */
export interface PathReference {
  base: 'file' | 'manifest';
  path: string;
  /** Named by a macro that fails without it; otherwise a text that may be a path. */
  required: boolean;
}

/** What one source file reads beyond itself. Empty lists are left out, since most files read nothing. */
export interface SourceReferences {
  paths?: PathReference[];
  /** Names of `mod name;`. */
  modules?: string[];
  /** `env!`, `option_env!` and `rerun-if-env-changed`. */
  compileEnv?: string[];
  /** `env::var("…")`, `#[arg(env = "…")]`. */
  runtimeEnv?: string[];
  /** Other texts that have the shape of a variable's name: a wrapper around `env::var` may be given them. */
  names?: string[];
  /** Reads variables whose names cannot be told: `env::vars()`, `env::var(name)`, a library that asks for all. */
  anyEnv?: true;
  /** `env!("CARGO_MANIFEST_DIR")` outside an include: the absolute path may end in the binary. */
  bakesPath?: true;
  /** Macros of sqlx that ask a database at compile time. */
  queries?: true;
  /** Includes whose path cannot be told. */
  unresolved?: string[];
  /** Walks up from its folder (`..`, `parent()`): any text that looks like a path may be one above the crate. */
  climbs?: true;
  /** Texts that look like a path. */
  texts?: string[];
}

const INCLUDES = new Set(['include', 'include_str', 'include_bytes']);
/** Macros that take a path relative to the manifest as their first text; sqlx and diesel default to `migrations`. */
const MANIFEST_MACROS = /^(migrate|embed_migrations|include_dir|query_file(_as|_scalar)?(_unchecked)?)$/;
const QUERY_MACROS = /^query(_as|_scalar|_file|_file_as|_file_scalar)?(_unchecked)?$/;
/** No system takes a longer one. */
const LONGEST_PATH = 4096;
const CLIMBING = /(^|[\\/])\.\.([\\/]|$)/;

/** Finds what a Rust source refers to, by its tokens; comments do not count. */
export function rustReferences(source: string): SourceReferences {
  const tokens = lexRust(source);
  const found = new Collector();
  const inInclude = new Set<number>();
  tokens.forEach((token, index) => {
    if (token.kind === 'text') found.text(token.value);
    else if (token.kind === 'word') word(tokens, index, found, inInclude);
  });
  return found.result();
}

function word(tokens: Token[], index: number, found: Collector, inInclude: Set<number>): void {
  const name = tokens[index]?.value ?? '';
  const next = tokens[index + 1];
  const text = tokens[index + 2];
  if (next?.value === '!') macro(tokens, index, found, inInclude);
  else if ((name === 'path' || name === 'folder') && next?.value === '=' && text?.kind === 'text') {
    found.path(name === 'path' ? 'file' : 'manifest', text.value, false);
  } else if (name === 'env' && next?.value === '=' && text?.kind === 'text') {
    if (isVariableName(text.value)) found.add('runtimeEnv', text.value);
  } else if ((name === 'var' || name === 'var_os') && next?.value === '(' && text?.kind === 'text') {
    found.add('runtimeEnv', text.value);
  } else if (readsAnyEnvironment(tokens, index)) {
    found.anyEnv();
  } else if (name === 'mod' && next?.kind === 'word' && text?.value === ';') {
    found.add('modules', next.value);
  } else if (name === 'parent' || name === 'ancestors' || name === 'pop') {
    found.climbs();
  }
}

function macro(tokens: Token[], index: number, found: Collector, inInclude: Set<number>): void {
  const name = tokens[index]?.value ?? '';
  const args = argumentsAt(tokens, index + 2);
  if (QUERY_MACROS.test(name)) found.queries();
  if (INCLUDES.has(name)) {
    // What an include does with CARGO_MANIFEST_DIR does not end in the binary.
    for (let inner = index + 2; inner <= index + 2 + args.length; inner++) inInclude.add(inner);
    const path = evaluatePath(args);
    if (path === undefined) found.add('unresolved', `${name}!(${args.map(({ value }) => value).join('')})`);
    else if (path !== 'derived') found.path(path.base, path.path, true);
  } else if (MANIFEST_MACROS.test(name)) {
    const path = firstText(args) ?? (name.startsWith('query') ? undefined : 'migrations');
    if (path !== undefined) found.path('manifest', path.replace(/^\$CARGO_MANIFEST_DIR\/?/, ''), true);
  } else if (name === 'env' || name === 'option_env') {
    const variable = firstText(args);
    if (variable === 'CARGO_MANIFEST_DIR') found.manifestDirectory(inInclude.has(index));
    else if (variable !== undefined) found.add('compileEnv', variable);
  }
}

class Collector {
  private readonly found: SourceReferences = {};
  private readonly seen = new Set<string>();

  add(list: 'modules' | 'compileEnv' | 'runtimeEnv' | 'names' | 'unresolved' | 'texts', value: string): void {
    if (this.isNew(`${list} ${value}`)) (this.found[list] ??= []).push(value);
  }

  path(base: PathReference['base'], path: string, required: boolean): void {
    if (this.isNew(`path ${base} ${path} ${required}`))
      (this.found.paths ??= []).push({ base, path, required });
  }

  text(value: string): void {
    const [, directive, argument = ''] = /^cargo::?rerun-if-(changed|env-changed)=(.*)$/s.exec(value) ?? [];
    if (directive === 'env-changed') this.add('compileEnv', argument);
    else if (directive === 'changed' && !argument.includes('{')) this.path('manifest', argument, false);
    else if (mayBeVariable(value)) this.add('names', value);
    else if (CLIMBING.test(value)) {
      this.climbs();
      if (value.length > LONGEST_PATH || value.includes('\0')) return;
      this.path('file', value, false);
      this.path('manifest', value, false);
    } else if (looksLikePath(value)) this.add('texts', value);
  }

  climbs(): void {
    this.found.climbs = true;
  }

  anyEnv(): void {
    this.found.anyEnv = true;
  }

  queries(): void {
    this.found.queries = true;
  }

  manifestDirectory(inInclude: boolean): void {
    if (!inInclude) this.found.bakesPath = true;
  }

  result(): SourceReferences {
    const { names, compileEnv = [], runtimeEnv = [] } = this.found;
    const others = names?.filter((name) => !compileEnv.includes(name) && !runtimeEnv.includes(name)) ?? [];
    if (others.length > 0) this.found.names = others;
    else delete this.found.names;
    return this.found;
  }

  private isNew(key: string): boolean {
    return !this.seen.has(key) && this.seen.add(key) !== undefined;
  }
}

function looksLikePath(value: string): boolean {
  return value.length < 200 && /^[^\s:*?"<>|{}]+$/.test(value) && /[/.]/.test(value) && /\w/.test(value);
}
