import type { Token } from './lex-rust';
import { argumentsAt } from './macro-arguments';

/** Crates that ask for every variable, or for the names of fields. */
const LIBRARIES = new Set(['envy', 'envconfig', 'Envconfig', 'figment']);

/**
 * Texts of the shape of a name that are something else, or that every shell or cargo sets: a text `USER` is a role more
 * often than the variable. They count where a source really asks for them, by `var("USER")`.
 */
const COMMON_TEXTS =
  /^(PATH|HOME|PWD|OLDPWD|SHLVL|TERM|TMPDIR|TEMP|USER|LOGNAME|SHELL|NX_.*|RUST_PLATFORM_.*|CARGO_.*|OUT_DIR)$/;

/** Has the shape that names of environment variables have by convention. */
export function isVariableName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{2,}$/.test(text);
}

/** Whether a text, whoever is given it, counts as the name of a variable. */
export function mayBeVariable(text: string): boolean {
  return isVariableName(text) && !COMMON_TEXTS.test(text);
}

/**
 * Whether the word at `index` reads variables whose names the source does not tell: `env::vars()`, `env::var(name)`,
 * `map(env::var)`, `#[arg(env)]`, `Environment::with_prefix`, or a crate that does so. Rather once too often: that costs a
 * cache hit, the opposite a wrong one. Definitions and methods of that name do not count.
 */
export function readsAnyEnvironment(tokens: Token[], index: number): boolean {
  const { value } = tokens[index] as Token;
  const before = tokens[index - 1]?.value;
  const after = tokens[index + 1];
  if (LIBRARIES.has(value)) return true;
  if (value === 'arg' || value === 'clap')
    return before === '[' && hasBareEnv(argumentsAt(tokens, index + 1));
  if (value === 'Environment') return after?.value === ':' && tokens[index + 3]?.value === 'with_prefix';
  if (before === '.' || before === 'fn') return false;
  if (value === 'vars' || value === 'vars_os') return after?.value === '(';
  if (value !== 'var' && value !== 'var_os') return false;
  if (after?.value === '(') return tokens[index + 2]?.kind !== 'text';
  const isPath = before === ':' && tokens[index - 3]?.value === 'env';
  return isPath && after?.value !== ';';
}

/** clap then takes the name of the field. */
function hasBareEnv(args: Token[]): boolean {
  return args.some(({ kind, value }, at) => {
    const next = args[at + 1]?.value;
    return kind === 'word' && value === 'env' && (next === undefined || next === ',');
  });
}
