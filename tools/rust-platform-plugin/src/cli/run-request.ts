import type { RunCommand } from './run-command';

/** Options of the launcher itself; everything else on the command line is Nx's. */
export interface LauncherOptions {
  keepDeps: boolean;
  allowRemote: boolean;
  dryRun: boolean;
  skipPreflight: boolean;
}

/** A target or workflow as it was asked for on the command line. */
export interface RunRequest {
  command: RunCommand;
  target: string;
  needs: RunCommand['needs'];
  /** As typed. */
  services: string[];
  nxOptions: string[];
  launcher: LauncherOptions;
}

/** The request with its services resolved. */
export interface ResolvedRun extends RunRequest {
  /** Nx project names and patterns; empty: all that have the target. */
  projects: string[];
  /** `run-many -t <target> -p <…> [--options]`. */
  nxArgs: string[];
  /** The same for a person: `nx run-many …`, with what travels by environment in front and without secrets. */
  commandLine: string;
}
