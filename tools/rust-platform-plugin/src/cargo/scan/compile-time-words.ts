/** Names by which build scripts and procedural macros read, write and ask. */

export const READERS = new Set(['read_to_string', 'read_dir', 'read_link', 'glob']);
export const FILE_SYSTEM = new Set(['fs', 'fs_err']);
export const WALKERS = new Set(['WalkDir', 'Walk', 'WalkBuilder']);
export const GIT = new Set(
  'git2 gix vergen vergen_git2 vergen_gix vergen_gitcl shadow_rs ShadowBuilder built build_data git_version'.split(
    ' ',
  ),
);
export const C_COMPILERS = new Set(['cc', 'cmake', 'bindgen', 'autotools', 'cxx_build']);
/** They print `rerun-if` lines themselves. */
export const DECLARING =
  /^(cc|cmake|bindgen|pkg_config|cxx_build|tonic_build|tonic_prost_build|prost_build|vergen\w*|shadow_rs|ShadowBuilder|slint_build|tauri_build|lalrpop|napi_build)$/;
/** They read the manifest of the crate, `[package.metadata]` too. */
export const MANIFEST_READERS = new Set(
  'system_deps metadeps winres winresource cargo_metadata MetadataCommand cargo_toml cargo_manifest'.split(
    ' ',
  ),
);
export const NETWORK = new Set(['reqwest', 'ureq', 'attohttpc', 'isahc', 'minreq', 'TcpStream']);
/** They take names of files. */
export const BUILDERS =
  /\b(cc|bindgen|cxx_build|tonic_build|tonic_prost_build|prost_build|protobuf_codegen|connectrpc_build)\b/;
export const BUILDER_METHODS = new Set([
  'compile_protos',
  'compile',
  'file',
  'files',
  'header',
  'input',
  'inputs',
  'include',
  'includes',
]);
/** Their first argument is a place that is written to. */
export const WRITERS = new Set([
  'out_dir',
  'create',
  'write',
  'create_dir_all',
  'write_to_file',
  'output_dir',
]);
