/**
 * Environment variables that cargo, rustc, clippy, rustfmt, sqlx and the C toolchain of build scripts read. cargo notices
 * most of them itself; Nx only what is in the key.
 */
const NAMES = new Set([
  'RUSTFLAGS',
  'CARGO_ENCODED_RUSTFLAGS',
  'RUSTDOCFLAGS',
  'CARGO_ENCODED_RUSTDOCFLAGS',
  'RUSTC',
  'RUSTDOC',
  'RUSTFMT',
  'RUSTC_WRAPPER',
  'RUSTC_WORKSPACE_WRAPPER',
  'RUSTC_BOOTSTRAP',
  'RUSTC_LINKER',
  'RUSTUP_TOOLCHAIN',
  'CARGO',
  'CARGO_INCREMENTAL',
  'CLIPPY_ARGS',
  'CLIPPY_CONF_DIR',
  'SDKROOT',
  'SOURCE_DATE_EPOCH',
  'PROTOC',
  'PROTOC_INCLUDE',
  'LIBCLANG_PATH',
  'LLVM_CONFIG_PATH',
  'LIBRARY_PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'CPATH',
  'C_INCLUDE_PATH',
  'CPLUS_INCLUDE_PATH',
]);

/** Families; a C tool may be followed by `_<target>` or led by HOST_ or TARGET_. */
const PATTERNS = [
  /^CARGO_(BUILD|PROFILE|TARGET|HOST|RESOLVER|UNSTABLE|CFG|FEATURE)_/,
  /^(HOST_|TARGET_)?(CC|CXX|AR|LD|NM|RANLIB|AS|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|ASFLAGS|ARFLAGS|CRATE_CC_[A-Z_]+)(_[A-Za-z0-9_-]+)?$/,
  /^(PKG_CONFIG|OPENSSL|SQLX|CMAKE|BINDGEN|VCPKG|NEXTEST)(_|$)/,
  /_DEPLOYMENT_TARGET$/,
  /_(NO_PKG_CONFIG|LIB_DIR|INCLUDE_DIR|STATIC|NO_VENDOR)$/,
];

/** Where results are put changes none of them. */
const PLACES = new Set(['CARGO_TARGET_DIR', 'CARGO_BUILD_TARGET_DIR', 'CARGO_BUILD_BUILD_DIR']);

export function isToolVariable(name: string): boolean {
  return !PLACES.has(name) && (NAMES.has(name) || PATTERNS.some((pattern) => pattern.test(name)));
}

/** Name and value of each that is set, sorted. */
export function toolVariables(env: NodeJS.ProcessEnv): Array<[string, string]> {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && isToolVariable(entry[0]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
