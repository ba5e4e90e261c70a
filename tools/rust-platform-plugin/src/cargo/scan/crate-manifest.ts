import { booleanAt, parseManifest, stringAt, tableAt } from '../manifest';

/** What a Cargo.toml says about what runs while crates compile. */
export interface CrateManifest {
  isProcMacro: boolean;
  /** Relative to the crate; `undefined`: `build.rs` where it exists. `false`: none. */
  buildScript: string | false | undefined;
}

/** An unreadable one says nothing: cargo will refuse it. */
export function crateManifest(text: string): CrateManifest {
  const { toml = {} } = parseManifest('Cargo.toml', text);
  const lib = tableAt(toml, 'lib');
  const given = tableAt(toml, 'package')['build'];
  return {
    isProcMacro: (booleanAt(lib, 'proc-macro') ?? booleanAt(lib, 'proc_macro')) === true,
    buildScript: given === false ? false : stringAt(tableAt(toml, 'package'), 'build'),
  };
}
