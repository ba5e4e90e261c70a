import type { Token } from './lex-rust';
import { pathsIn } from './path-texts';
import type { Range, TokenScopes } from './token-scopes';

/** What a value in a source is made from. */
export interface Origins {
  /** Texts that may be part of a path or a name; of a format only what stands before its first argument. */
  texts: string[];
  /** Constants of other modules, by convention named as what they hold: `EnvVars::UV_CACHE`. */
  constants: string[];
  /** Names of variables that it comes from, without those of cargo. */
  variables: string[];
  /** Below OUT_DIR or what another build script made. */
  derived: boolean;
  /** Below the folder of the crate. */
  ownFolder: boolean;
  /** Above it. */
  climbs: boolean;
  /** Part of the toolchain, as cargo names it: CARGO, RUSTC. */
  toolchain: boolean;
  /** Also from something that the source does not tell: arguments of a program, input of a macro, output of a library. */
  unknown: boolean;
}

/** What their texts say is no part of a path. */
const NO_PATHS = new Set([
  'expect',
  'panic',
  'println',
  'eprintln',
  'assert',
  'ends_with',
  'contains',
  'strip_prefix',
]);
const CLIMBING = new Set(['parent', 'ancestors', 'pop']);
const ENVIRONMENT = new Set(['var', 'var_os', 'env', 'option_env']);
const OUTSIDE = new Set(['args', 'args_os', 'stdin', 'output', 'current_exe', 'temp_dir', 'home_dir']);

export function originsOf(scopes: TokenScopes, range: Range): Origins {
  return new OriginFinder(scopes).of(range);
}

class OriginFinder {
  private readonly found: Origins = {
    texts: [],
    constants: [],
    variables: [],
    derived: false,
    ownFolder: false,
    climbs: false,
    toolchain: false,
    unknown: false,
  };
  private readonly seen = new Set<string>();
  private readonly tokens: Token[];

  constructor(private readonly scopes: TokenScopes) {
    this.tokens = scopes.tokens;
  }

  of(range: Range): Origins {
    const queue = [range];
    for (let next = queue.pop(); next; next = queue.pop()) {
      const key = `${next.start} ${next.end}`;
      if (this.seen.has(key)) continue;
      this.seen.add(key);
      for (let index = next.start; index < next.end; index++) queue.push(...this.token(index));
    }
    return this.found;
  }

  /** Where else to look because of it. */
  private token(index: number): Range[] {
    const { kind, value } = this.tokens[index] as Token;
    if (kind === 'text') return this.text(value, index);
    if (kind !== 'word') return [];
    const before = this.tokens[index - 1]?.value;
    const after = this.tokens[index + 1]?.value;
    if (CLIMBING.has(value)) this.found.climbs = true;
    if (OUTSIDE.has(value) && after === '(' && (value === 'output' || before !== '.'))
      this.found.unknown = true;
    if (value === 'self') this.found.unknown = true;
    if (value === 'current_dir') this.found.ownFolder = true;
    if (before === '.') return [];
    if (after === '(') return this.calledFunction(value);
    if (before === ':' && /^[A-Z][A-Z0-9_]{2,}$/.test(value)) this.found.constants.push(value);
    // A path, a macro, a field of a literal, a keyword: no value of its own.
    if (after === ':' || after === '!' || /^[A-Z]/.test(value))
      return /^[A-Z_0-9]+$/.test(value) ? this.constant(value, index) : [];
    return this.local(value, index);
  }

  private text(value: string, index: number): Range[] {
    const callee = this.calleeOf(index);
    if (ENVIRONMENT.has(callee)) this.variable(value);
    else if (!NO_PATHS.has(callee)) {
      this.found.texts.push(...pathsIn(value));
      const names = [...value.matchAll(/\{([a-z_]\w*)[^}]*\}/g)].map(([, name = '']) => name);
      return names.flatMap((name) => this.local(name, index));
    }
    return [];
  }

  private variable(name: string): void {
    if (name === 'OUT_DIR' || name.startsWith('DEP_')) this.found.derived = true;
    else if (name === 'CARGO_MANIFEST_DIR' || name === 'CARGO_MANIFEST_PATH') this.found.ownFolder = true;
    else if (/^(CARGO|RUSTC|RUSTDOC|RUSTFMT)$/.test(name)) this.found.toolchain = true;
    else if (!/^CARGO_|^(TARGET|HOST|PROFILE)$/.test(name)) this.found.variables.push(name);
  }

  /** `expect` of `.expect("…")`, `println` of `println!("…")`. */
  private calleeOf(index: number): string {
    const open = this.tokens[index - 1];
    if (open?.value !== '(') return '';
    const name = this.tokens[index - 2];
    return (name?.value === '!' ? this.tokens[index - 3]?.value : name?.value) ?? '';
  }

  private calledFunction(name: string): Range[] {
    const own = this.scopes.functionNamed(name);
    return own ? [own.body] : [];
  }

  private constant(name: string, index: number): Range[] {
    return this.scopes.bindings(name, index);
  }

  private local(name: string, index: number): Range[] {
    const bound = this.scopes.bindings(name, index);
    const own = this.scopes.functionAt(index);
    const isParameter = own?.parameters.includes(name) ?? false;
    const given = isParameter && own ? this.scopes.calls(own.name) : [];
    if (isParameter && given.length === 0) this.found.unknown = true;
    if (bound.length > 0 || isParameter || KEYWORDS.has(name)) return [...bound, ...given];
    return this.fromPattern(name, index);
  }

  /** Bound by a closure or by an arm of a `match`: then what stands before it in the statement tells. */
  private fromPattern(name: string, index: number): Range[] {
    const statement = this.scopes.statementBefore(index);
    const isBound = this.tokens
      .slice(statement.start, statement.end)
      .some((token, at) => token.value === name && this.isPattern(statement.start + at));
    if (!isBound) this.found.unknown = true;
    return isBound ? [statement] : [];
  }

  /** `|name|`, `|(a, name)|`, `Ok(name) =>`. */
  private isPattern(index: number): boolean {
    const near = [this.tokens[index - 1]?.value, this.tokens[index + 1]?.value];
    return (
      near.includes('|') || near.includes(',') || (near[0] === '(' && near[1] === ')') || near[1] === '@'
    );
  }
}

const KEYWORDS = new Set(
  'as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return self static struct super trait true type unsafe use where while async await dyn std fs io path env'.split(
    ' ',
  ),
);
