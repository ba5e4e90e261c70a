/** Plugin options in nx.json, parsed: see `parsePlatformOptions`. Nx hands them over unvalidated. */
export interface PlatformOptions {
  /** Folders relative to the workspace root. */
  stateDirectory: string;
  reportsDirectory: string;
  logsDirectory: string;
  /** Finished binaries: `<distDirectory>/<project>/`. */
  distDirectory: string;
  composeFile: string;
  postgresPort: number;
  redisPort: number;
  /** `report`: *not checked* and *stale* pass and are shown; `required`: they exit 3. */
  audit: 'report' | 'required';
  /** Advisories that are accepted for a while. */
  auditIgnore: Array<{ id: string; reason: string; expires: string }>;
  /** Manifests to leave out, as globs. */
  exclude: string[];
  /** The same keys as `[package.metadata.rust-platform]`, by project name; they win over Cargo.toml. */
  services: Record<string, unknown>;
}

export const DEFAULT_OPTIONS: PlatformOptions = {
  stateDirectory: '.rust-platform',
  reportsDirectory: 'reports',
  logsDirectory: 'logs',
  distDirectory: 'dist/rust',
  composeFile: 'docker-compose.yml',
  postgresPort: 5434,
  redisPort: 6382,
  audit: 'report',
  auditIgnore: [],
  exclude: [],
  services: {},
};
