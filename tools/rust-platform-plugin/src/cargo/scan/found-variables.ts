/** Set by cargo itself, from what is hashed anyway. HOST and TARGET only while it compiles. */
const MADE_BY_CARGO = {
  compile: /^(CARGO_|DEP_|OUT_DIR$|TARGET$|HOST$|PROFILE$|OPT_LEVEL$|NUM_JOBS$|RUSTC$|RUSTDOC$|DEBUG$)/,
  run: /^(CARGO_|OUT_DIR$)/,
};

export function isMadeByCargo(name: string): boolean {
  return MADE_BY_CARGO.compile.test(name);
}

/** The variables that a crate asks for. */
export class FoundVariables {
  private readonly product = new Set<string>();
  private readonly test = new Set<string>();
  private readonly run = new Set<string>();

  /** Asked by a build script or a macro, to which cargo gives more than to rustc. */
  compile(name: string, inTests: boolean): void {
    if (!isMadeByCargo(name)) this.source(name, inTests);
  }

  /** `env!`, `option_env!`. */
  source(name: string, inTests: boolean): void {
    if (MADE_BY_CARGO.run.test(name)) return;
    if (!inTests) this.product.add(name);
    else if (!this.product.has(name)) this.test.add(name);
  }

  runtime(name: string): void {
    if (!MADE_BY_CARGO.run.test(name)) this.run.add(name);
  }

  result(): { compileEnv: string[]; testEnv: string[]; runtimeEnv: string[] } {
    return {
      compileEnv: [...this.product, ...this.test].sort(),
      testEnv: [...this.test].sort(),
      runtimeEnv: [...this.run].sort(),
    };
  }
}
