import { dirname, join, resolve } from 'node:path';

/** What a build script has told cargo about itself. */
export interface BuildScriptOutput {
  /** `rerun-if-changed`: files and folders, absolute, each once. */
  files: string[];
  /** `rerun-if-env-changed`. */
  environment: string[];
  /** Variables that it sets for the compiler. */
  sets: string[];
}

const DIRECTIVE = /^cargo::?(rerun-if-changed|rerun-if-env-changed|rustc-env)=(.*)$/;

/** The text that cargo keeps of its standard output, `cargo:` and `cargo::` alike. Paths are relative to the package. */
export function parseBuildScriptOutput(text: string, packageFolder: string): BuildScriptOutput {
  const files = new Set<string>();
  const environment = new Set<string>();
  const sets = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const [, directive, value = ''] = DIRECTIVE.exec(line) ?? [];
    if (directive === 'rerun-if-changed') files.add(resolve(packageFolder, value));
    else if (directive === 'rerun-if-env-changed' && value !== '') environment.add(value);
    else if (directive === 'rustc-env') sets.add(value.split('=')[0] ?? '');
  }
  return { files: [...files], environment: [...environment], sets: [...sets] };
}

/** Where cargo keeps the output of the script whose OUT_DIR this is, by its layouts. */
export function outputFilesOf(outDir: string): string[] {
  return [join(dirname(outDir), 'output'), join(dirname(outDir), 'run', 'stdout')];
}
