import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** One call of cargo that went through the watching one. */
export interface CargoCall {
  args: string[];
  /** Seconds since the epoch. */
  startedAt: number;
  endedAt: number;
  /** Of cargo and everything that it started. */
  cpuSeconds: number;
  /** How often cargo said that it waits for a file lock. */
  blocked: number;
}

export interface WatchedCargo {
  /** For the environment of whoever shall be watched. */
  env: { PATH: string };
  /** The calls since the last time that it was asked, in order of their start. */
  calls(): CargoCall[];
}

/** Puts a cargo on PATH that runs the real one and writes down when, how long and what it said. */
export function watchCargo(folder: string): WatchedCargo {
  const real = execFileSync('bash', ['-c', 'command -v cargo'], { encoding: 'utf8' }).trim();
  const log = join(folder, 'calls');
  mkdirSync(log, { recursive: true });
  const program = join(folder, 'cargo');
  writeFileSync(program, script(real, log));
  chmodSync(program, 0o755);
  return {
    env: { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    calls: () => {
      const calls = readdirSync(log)
        .filter((name) => name.endsWith('.args'))
        .flatMap((name) => readCall(join(log, name.slice(0, -5))));
      rmSync(log, { recursive: true });
      mkdirSync(log);
      return calls.sort((a, b) => a.startedAt - b.startedAt);
    },
  };
}

function script(real: string, log: string): string {
  return `#!/bin/bash
at="${log}/$$-$EPOCHREALTIME"
printf '%s\\n' "$@" > "$at.args"
echo "$EPOCHREALTIME" > "$at.start"
TIMEFORMAT='%U %S'
exec 3>&2
{ time "${real}" "$@" 2> >(tee "$at.stderr" >&3); } 2> "$at.cpu"
code=$?
echo "$EPOCHREALTIME" > "$at.end"
exit $code
`;
}

function readCall(base: string): CargoCall[] {
  const text = (name: string): string =>
    existsSync(`${base}.${name}`) ? readFileSync(`${base}.${name}`, 'utf8') : '';
  const [user = '0', system = '0'] = text('cpu').trim().split(' ');
  const endedAt = Number(text('end'));
  if (!(endedAt > 0)) return [];
  return [
    {
      args: text('args').trimEnd().split('\n'),
      startedAt: Number(text('start')),
      endedAt,
      cpuSeconds: Number(user) + Number(system),
      blocked: (text('stderr').match(/Blocking\s+waiting for file lock/gu) ?? []).length,
    },
  ];
}

const COMPILES = new Set(['build', 'check', 'clippy', 'test', 'nextest', 'run', 'rustc', 'doc']);

/** Those that compile, not those that only plan or tell something. */
export function compilingCalls(calls: readonly CargoCall[]): CargoCall[] {
  return calls.filter(({ args }) => args.some((arg) => COMPILES.has(arg)) && !onlyTells(args));
}

/** Facts, plans, or what tests do that were compiled before. */
function onlyTells(args: readonly string[]): boolean {
  return (
    args[0] === 'metadata' ||
    args.includes('--version') ||
    args.includes('--unit-graph') ||
    args.some((arg) => arg.startsWith('--binaries-metadata'))
  );
}

/** The largest number that ran at the same time. */
export function mostAtOnce(calls: readonly CargoCall[]): number {
  const changes = calls.flatMap(({ startedAt, endedAt }) => [
    [startedAt, 1] as const,
    [endedAt, -1] as const,
  ]);
  changes.sort(([a, first], [b, second]) => a - b || first - second);
  let now = 0;
  let most = 0;
  for (const [, change] of changes) most = Math.max(most, (now += change));
  return most;
}

export function cpuOf(calls: readonly CargoCall[]): number {
  return calls.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}
