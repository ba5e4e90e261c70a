/** A target or workflow of the command line, described once: help, pre-flight and run all read it. */
export interface RunCommand {
  name: string;
  kind: 'target' | 'workflow';
  /** One line for the list of commands. */
  summary: string;
  /** What happens, and when it fails. */
  description: string;
  examples: string[];
  needs: PlanNeeds;
  /** Only services have it, no libraries. */
  servicesOnly: boolean;
  /** Options of the launcher for this command alone. */
  options?: ExtraOption[];
  /** Turns those options into a target and options for Nx; default: the command's own name and none. */
  resolve?: (options: Record<string, unknown>) => { target: string; nxOptions: string[]; needs?: PlanNeeds };
}

export interface ExtraOption {
  flags: string;
  description: string;
}

export type CargoToolName = 'clippy' | 'rustfmt' | 'nextest' | 'audit';

/** What a plan needs before it starts. */
export interface PlanNeeds {
  cargo: boolean;
  tools: CargoToolName[];
  /**
   * Servers of whom: `services` what the services need, `tests` what the crates' own tests need, `migrations` the
   * databases that are migrated.
   */
  servers: Array<{ of: 'services' | 'tests' | 'migrations'; required: boolean }>;
  /** The services' own ports must be free. */
  ports: boolean;
}

export const NO_NEEDS: PlanNeeds = { cargo: false, tools: [], servers: [], ports: false };
export const CARGO_NEEDS: PlanNeeds = { ...NO_NEEDS, cargo: true };
