/** `[package.metadata.rust-platform]` of a Cargo.toml, or an entry of the plugin option `services`, checked. */
export interface ServiceMetadata {
  service?: boolean;
  binary?: string;
  args?: string[];
  port?: number;
  /** `postgres`, `redis`, a service of this repository, or one of docker-compose.yml. Replaces the evidence. */
  needs?: string[];
  testNeeds?: Array<'postgres' | 'redis'>;
  /** Environment variable → template. */
  env?: Record<string, string>;
  health?: string;
  /** Folder relative to the crate; `false`: it has none. */
  migrations?: string | false;
  /** Folder of the `.http` files, relative to the crate. */
  apiTests?: string;
  /** Relative to the crate. */
  scenarios?: string;
  /** Seconds. */
  gracePeriod?: number;
  /** Seconds. */
  startTimeout?: number;
}

/** Where a metadata table stands, so that a mistake can be shown with its line. */
export interface MetadataSource {
  /** Relative to the workspace root. */
  file: string;
  /** Path of the table in the file. */
  path: string[];
  /** Line of a key below the table, given as its full path. */
  locate: (path: string[]) => number | undefined;
}
