import { exactEnvironment } from './exact-environment';
import { executableIdentity, locateExecutable } from './locate-executable';
import { readDataFile, workspaceDataFile, writeDataFile } from './workspace-data';

/** Crates through which build scripts compile C, C++ or assembler. */
const COMPILING_CRATES = new Set(['cc', 'gcc', 'cmake', 'autotools', 'meson', 'cxx-build', 'nasm-rs']);
const MOST_KEPT = 20;

/** Whether the packages of a lock closure hold one through which build scripts compile C. */
export function usesCCompiler(packageNames: Iterable<string>): boolean {
  for (const name of packageNames) if (COMPILING_CRATES.has(name)) return true;
  return false;
}

/**
 * Version and target triple of the C and C++ compilers that build scripts and linking would take: those that CC, CXX and
 * their variants for a target name, else `cc` and `c++` of PATH. Says nothing of where they lie, so that equal compilers of
 * two machines are equal here; kept until the file changes.
 */
export async function cCompilerIdentity(request: {
  workspaceRoot: string;
  env: NodeJS.ProcessEnv;
}): Promise<string> {
  const { workspaceRoot, env } = request;
  const file = workspaceDataFile(workspaceRoot, 'c-compilers', env);
  const known = readDataFile(file, isTextTable) ?? {};
  const fresh: Record<string, string> = {};
  const lines: string[] = [];
  for (const command of commandsOf(env)) {
    const words = wordsOf(command, env);
    // `ccache gcc`: each of them may be replaced.
    const files = words.filter((word) => !word.startsWith('-')).map((word) => locateExecutable(word, env));
    const identity = `${command} ${files.map(executableIdentity).join(' ')}`;
    const facts = known[identity] ?? (files[0] === undefined ? MISSING : await ask(words, request));
    if (facts !== MISSING && facts !== FAILED) fresh[identity] = facts;
    lines.push(facts);
  }
  if (Object.keys(fresh).some((identity) => known[identity] === undefined)) {
    const others = Object.entries(known).slice(-MOST_KEPT);
    writeDataFile(file, { ...Object.fromEntries(others), ...fresh });
  }
  return [...new Set(lines)].join('; ');
}

const MISSING = 'not on PATH';
const FAILED = 'does not tell its version';

async function ask(
  [program = '', ...args]: string[],
  { workspaceRoot, env }: { workspaceRoot: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  // Loaded only here: most runs find the answer in the file.
  const { run } = require('../process/run') as typeof import('../process/run');
  const options = { cwd: workspaceRoot, env: exactEnvironment({ ...env, LC_ALL: 'C' }), timeoutMs: 10_000 };
  const version = await run(program, [...args, '--version'], options);
  const triple = await run(program, [...args, '-dumpmachine'], options);
  const first = version.stdout.split('\n')[0]?.trim();
  if (version.exitCode !== 0 || !first) return FAILED;
  return [withoutName(first), triple.exitCode === 0 ? triple.stdout.trim() : ''].filter(Boolean).join(' ');
}

/** `cc (Debian 12.2.0-14) 12.2.0` and `gcc (Debian 12.2.0-14) 12.2.0` are one compiler. */
function withoutName(line: string): string {
  return line.replace(/^\S+ (?=\()/, '');
}

function commandsOf(env: NodeJS.ProcessEnv): string[] {
  const named = Object.entries(env).flatMap(([name, value]) =>
    /^(HOST_|TARGET_)?(CC|CXX)(_[A-Za-z0-9_-]+)?$/.test(name) && value?.trim() ? [value.trim()] : [],
  );
  const has = (name: string) => Boolean(env[name]?.trim());
  const defaults = [...(has('CC') ? [] : ['cc']), ...(has('CXX') ? [] : ['c++'])];
  return [...new Set([...named.sort(), ...defaults])];
}

/** A path with a space in it is one word, as the crate `cc` reads it. */
function wordsOf(command: string, env: NodeJS.ProcessEnv): string[] {
  return locateExecutable(command, env) === undefined ? command.split(/\s+/) : [command];
}

function isTextTable(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
