/** An error or warning of the compiler, clippy included. */
export interface Diagnostic {
  level: 'error' | 'warning';
  message: string;
  /** e.g. `E0308` or `clippy::needless_return`. */
  code: string | undefined;
  /** Absolute path of the Cargo.toml of the package it belongs to. */
  manifestPath: string;
  /** Package name and version as cargo prints them, for messages. */
  packageId: string;
  /** Primary position, the path as rustc gives it. */
  file: string | undefined;
  line: number | undefined;
  /** Ready for a terminal, without trailing newline. */
  rendered: string;
}

/** A finished unit of a build, of whatever package. */
export interface Artifact {
  manifestPath: string;
  packageId: string;
  /** Name and kinds of the cargo target, e.g. `links`, [`bin`]. */
  name: string;
  kind: string[];
  /** Compiled with `--test`. */
  isTest: boolean;
  /** Absolute. */
  executable: string | undefined;
  /** What it consists of, absolute; a binary stands here under its final name. */
  filenames: string[];
  /** cargo found it up to date. */
  fresh: boolean;
}

/** A build script whose output counts, whether it ran now or earlier. */
export interface BuildScript {
  packageId: string;
  /** Absolute; cargo keeps the output of the script beside it. */
  outDir: string;
  /** Names of the variables that it sets for the compiler. */
  env: string[];
}

export type CargoMessage =
  | { kind: 'diagnostic'; diagnostic: Diagnostic }
  | { kind: 'artifact'; artifact: Artifact }
  | { kind: 'build-script'; buildScript: BuildScript }
  | { kind: 'other' };

const SUMMARY = /^(aborting due to |\d+ warnings? emitted)/u;

/** One line of `--message-format=json`; `undefined` when the line is no message of cargo (a test's own output). */
export function parseCargoMessage(line: string): CargoMessage | undefined {
  if (!line.startsWith('{"reason":')) return undefined;
  const raw = parseJson(line);
  if (!raw) return undefined;
  if (raw.reason === 'compiler-artifact') return { kind: 'artifact', artifact: artifactOf(raw) };
  if (raw.reason === 'build-script-executed')
    return { kind: 'build-script', buildScript: buildScriptOf(raw) };
  if (raw.reason === 'compiler-message') {
    const diagnostic = diagnosticOf(raw);
    if (diagnostic) return { kind: 'diagnostic', diagnostic };
  }
  return { kind: 'other' };
}

interface RawMessage {
  reason: string;
  package_id?: string;
  manifest_path?: string;
  target?: { name: string; kind: string[] };
  profile?: { test?: boolean };
  executable?: string | null;
  filenames?: string[];
  fresh?: boolean;
  out_dir?: string;
  env?: Array<[string, string]>;
  message?: RawDiagnostic;
}

interface RawDiagnostic {
  level: string;
  message: string;
  rendered?: string | null;
  code?: { code: string } | null;
  spans?: Array<{ file_name: string; line_start: number; is_primary: boolean }>;
}

function parseJson(line: string): RawMessage | undefined {
  try {
    return JSON.parse(line) as RawMessage;
  } catch {
    return undefined;
  }
}

function artifactOf(raw: RawMessage): Artifact {
  return {
    manifestPath: raw.manifest_path ?? '',
    packageId: raw.package_id ?? '',
    name: raw.target?.name ?? '',
    kind: raw.target?.kind ?? [],
    isTest: raw.profile?.test ?? false,
    executable: raw.executable ?? undefined,
    filenames: raw.filenames ?? [],
    fresh: raw.fresh ?? false,
  };
}

function buildScriptOf(raw: RawMessage): BuildScript {
  return {
    packageId: raw.package_id ?? '',
    outDir: raw.out_dir ?? '',
    env: (raw.env ?? []).map(([name]) => name),
  };
}

/** Notes and the compiler's own counts are left out: cargo repeats them in its words. */
function diagnosticOf(raw: RawMessage): Diagnostic | undefined {
  const message = raw.message;
  if (!message || SUMMARY.test(message.message)) return undefined;
  const level = message.level.startsWith('error') ? 'error' : message.level;
  if (level !== 'error' && level !== 'warning') return undefined;
  const span = message.spans?.find(({ is_primary: isPrimary }) => isPrimary) ?? message.spans?.[0];
  return {
    level,
    message: message.message,
    code: message.code?.code,
    manifestPath: raw.manifest_path ?? '',
    packageId: raw.package_id ?? '',
    file: span?.file_name,
    line: span?.line_start,
    rendered: (message.rendered ?? `${level}: ${message.message}`).trimEnd(),
  };
}
