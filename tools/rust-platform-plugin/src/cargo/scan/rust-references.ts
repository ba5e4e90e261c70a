import { lexRust, type Token } from './lex-rust';
import { argumentsAt, evaluatePath, firstText } from './macro-arguments';
import { isVariableName, readsAnyEnvironment } from './reads-any-environment';
import { exampleSources } from './doc-examples';
import { ReferenceCollector } from './reference-collector';
import type { SourceReferences } from './source-references';
import { withoutTests } from './without-tests';

export type * from './source-references';

const INCLUDES = new Set(['include', 'include_str', 'include_bytes']);
/** Macros that take a path relative to the manifest as their first text; sqlx and diesel default to `migrations`. */
const MANIFEST_MACROS = /^(migrate|embed_migrations|include_dir|query_file(_as|_scalar)?(_unchecked)?)$/;
const QUERY_MACROS = /^query(_as|_scalar|_file|_file_as|_file_scalar)?(_unchecked)?$/;
const GIT_MACROS = /^(git_version|git_describe|git_submodule_versions|git_testament(_macros)?|build_info)$/;
/** Of clippy: its group `cargo`, and what is in it. */
export const CARGO_LINTS =
  /^(cargo|cargo_common_metadata|multiple_crate_versions|(negative|redundant)_feature_names|wildcard_dependencies)$/;
const PATH_TAKERS = new Set(['join', 'open', 'read', 'read_to_string', 'read_dir']);
/** Attributes that are given no names of files or variables. */
const KNOWN_ATTRIBUTES = new Set(
  'derive cfg cfg_attr doc allow warn deny expect test serde error must_use inline deprecated repr path arg command clap instrument'.split(
    ' ',
  ),
);
const DOTENV_MACROS = /^dotenv(_or_default)?$/;
/** Macros that are given no names of files, so often that listing their calls would cost. */
const WELL_KNOWN = new Set(
  'println print eprintln eprint format write writeln panic assert assert_eq assert_ne debug_assert debug_assert_eq vec matches todo unimplemented unreachable dbg concat stringify env option_env cfg trace debug info warn error span event bail ensure anyhow json params select join try_join pin thread_local macro_rules'.split(
    ' ',
  ),
);

interface Reading {
  tokens: Token[];
  found: ReferenceCollector;
  /** Indices of tokens inside an include. */
  inInclude: Set<number>;
  /** `macro_rules!` that the source defines, by where they end. */
  macros: Array<{ name: string; start: number; end: number }>;
}

/** Finds what a Rust source refers to, by its tokens; comments do not count. */
export function rustReferences(source: string): SourceReferences {
  const tokens = lexRust(source);
  const reading = { tokens, found: new ReferenceCollector(), inInclude: new Set<number>(), macros: [] };
  const ofProduct = new Set(withoutTests(tokens));
  tokens.forEach((token, index) => {
    if (token.kind === 'text' && !reading.inInclude.has(index))
      reading.found.text(token.value, !ofProduct.has(token), takesPath(tokens, index));
    else if (token.kind === 'word') word(reading, index);
    else if (token.value === '#' && tokens[index + 1]?.value === '[') attributeTexts(reading, index + 1);
  });
  const examples = exampleSources(source).map(rustReferences);
  const result = reading.found.result();
  return examples.length > 0 ? { ...result, examples } : result;
}

/** `Path::new("x")`, `.join("x")`, `fs::read("x")`. */
function takesPath(tokens: Token[], index: number): boolean {
  if (tokens[index - 1]?.value !== '(') return false;
  const callee = tokens[index - 2]?.value ?? '';
  const owner = tokens[index - 5]?.value ?? '';
  return PATH_TAKERS.has(callee) || (/^Path(Buf)?$/.test(owner) && (callee === 'new' || callee === 'from'));
}

/** `#[graphql(schema_path = "…")]`; of `#[sqlx::test]` the folder that it takes without being told. */
function attributeTexts({ tokens, found }: Reading, index: number): void {
  const args = argumentsAt(tokens, index);
  const [name] = args;
  if (name === undefined || KNOWN_ATTRIBUTES.has(name.value)) return;
  for (const { kind, value } of args) if (kind === 'text') found.given(value);
  if (name.value === 'sqlx' && args[3]?.value === 'test') found.add('uncountedInTests', 'migrations');
}

function word(reading: Reading, index: number): void {
  const { tokens, found } = reading;
  const name = tokens[index]?.value ?? '';
  const next = tokens[index + 1];
  const text = tokens[index + 2];
  if (next?.value === '!') macro(reading, index);
  else if ((name === 'path' || name === 'folder') && next?.value === '=') attribute(reading, index);
  else if (name === 'env' && next?.value === '=' && text?.kind === 'text') {
    if (isVariableName(text.value)) found.add('runtimeEnv', text.value);
  } else if ((name === 'var' || name === 'var_os') && next?.value === '(' && text?.kind === 'text') {
    found.add('runtimeEnv', text.value);
  } else if (readsAnyEnvironment(tokens, index)) {
    found.set('anyEnv');
  } else if (name === 'clippy' && CARGO_LINTS.test(tokens[index + 3]?.value ?? '')) {
    found.set('cargoLints');
  } else if (name === 'mod' && next?.kind === 'word' && text?.value === ';') {
    found.add('modules', next.value);
  } else if (name === 'parent' || name === 'ancestors' || name === 'pop') {
    found.set('climbs');
  }
}

/** `#[path = "…"]` of a module, `#[template(path = "…")]`, `#[folder = "…"]` of rust-embed. */
function attribute({ tokens, found }: Reading, index: number): void {
  const name = tokens[index]?.value;
  const value = tokens[index + 2];
  if (value?.kind === 'text') {
    if (name === 'folder') manifestPath(found, value.value, `folder = ${JSON.stringify(value.value)}`, false);
    else
      for (const path of modulePaths(tokens, index, value.value))
        found.path({ base: 'file', path, required: false });
  } else if (tokens[index - 1]?.value === '[' && tokens[index - 2]?.value === '#') {
    const args = argumentsAt(tokens, index - 1).slice(2);
    pathOf(found, args, `#[${name}=${show(args)}]`, '');
  }
}

/** In a module that stands in the source itself, a path starts in the folder that the module would have. */
function modulePaths(tokens: Token[], index: number, path: string): string[] {
  if (!path.startsWith('..')) return [path];
  let folder = '';
  for (let at = 0; at + 2 < index; at++) {
    const isInline = tokens[at]?.value === 'mod' && tokens[at + 2]?.value === '{';
    if (isInline && index < at + 3 + argumentsAt(tokens, at + 2).length)
      folder += `${tokens[at + 1]?.value}/`;
  }
  // Of `name.rs` that folder lies in `name`, of `mod.rs` beside it.
  return folder === '' ? [path] : [path, folder + path, `_/${folder}${path}`];
}

function macro(reading: Reading, index: number): void {
  const { tokens, found } = reading;
  const name = tokens[index]?.value ?? '';
  const args = argumentsAt(tokens, index + 2);
  if (name === 'macro_rules') return definition(reading, index);
  if (QUERY_MACROS.test(name)) found.set('queries');
  if (GIT_MACROS.test(name)) found.set('git');
  if (INCLUDES.has(name)) {
    // What an include does with CARGO_MANIFEST_DIR does not end in the binary.
    for (let inner = index + 2; inner <= index + 2 + args.length; inner++) reading.inInclude.add(inner);
    const around = reading.macros.find(({ start, end }) => index > start && index < end);
    pathOf(found, args, `${name}!(${show(args)})`, around?.name ?? '');
  } else if (MANIFEST_MACROS.test(name)) {
    const path = firstText(args) ?? (name.startsWith('query') ? undefined : 'migrations');
    if (path !== undefined) manifestPath(found, path, `${name}!(${show(args)})`, true);
  } else if (name === 'env' || name === 'option_env' || DOTENV_MACROS.test(name)) {
    variable(reading, index, firstText(args));
  } else if (!WELL_KNOWN.has(name) && !QUERY_MACROS.test(name)) {
    const texts = args.filter(({ kind, value }) => kind === 'text' && !/\s/.test(value));
    found.call(
      name,
      texts.map(({ value }) => value),
    );
    for (const { value } of texts) found.given(value);
  }
}

/** `macro_rules! name { … }`. */
function definition({ tokens, macros }: Reading, index: number): void {
  const name = tokens[index + 2]?.value ?? '';
  macros.push({ name, start: index + 3, end: index + 3 + argumentsAt(tokens, index + 3).length + 1 });
}

function variable({ found, inInclude }: Reading, index: number, name: string | undefined): void {
  if (name === undefined) return;
  if (name !== 'CARGO_MANIFEST_DIR') return found.add('compileEnv', name);
  found.set('namesManifestDirectory');
  if (!inInclude.has(index)) found.set('bakesPath');
}

function pathOf(found: ReferenceCollector, args: Token[], what: string, around: string): void {
  const path = evaluatePath(args);
  if (path?.kind === 'path') found.path({ base: path.base, path: path.path, required: true });
  else if (path?.kind === 'below')
    found.path({ base: path.base, path: path.path, required: false, below: what });
  else if (path?.kind === 'variable') found.fromVariable({ name: path.name, what });
  else if (path?.kind === 'parameter' && around !== '')
    found.include({ macro: around, base: path.base, before: path.before, behind: path.behind, what });
  else if (path?.kind !== 'derived') found.add('unresolved', what);
}

/** `$CARGO_MANIFEST_DIR/…` is what a plain path is; another variable may lead anywhere. */
function manifestPath(found: ReferenceCollector, text: string, what: string, required: boolean): void {
  const path = text.replace(/^\$\{?CARGO_MANIFEST_DIR\}?\/?/, '');
  if (/^\$\{?OUT_DIR\b/.test(path)) return;
  if (path.includes('$')) found.add('unresolved', what);
  else found.path({ base: 'manifest', path, required });
}

function show(args: Token[]): string {
  const text = args.map(({ kind, value }) => (kind === 'text' ? JSON.stringify(value) : value)).join('');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
