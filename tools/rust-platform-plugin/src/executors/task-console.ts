import { formatError } from '../errors';

/** Where a task prints. */
export interface TaskConsole {
  line(line: string): void;
  /** What only tells how far the work is. */
  progress(line: string): void;
  /** What, why and fix of an error, once. */
  error(text: string): void;
  colour: boolean;
}

/** A terminal that did not ask for plain text. */
export function wantsColour(stream: { isTTY?: boolean } = process.stdout): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'];
}

/** Of a task that has this process for itself. Progress is for a terminal: Nx would keep it as a part of the result. */
export function processConsole(): TaskConsole {
  const isTerminal = process.stdout.isTTY === true;
  return {
    line: printLine,
    progress: (line) => (isTerminal ? printLine(line) : undefined),
    error: printErrorText,
    colour: wantsColour(),
  };
}

/** Collects what one of several tasks in a process says; Nx prints it under the name of the task. */
export function collectingConsole(progress: (line: string) => void): TaskConsole & { text(): string } {
  const lines: string[] = [];
  return {
    line: (line) => lines.push(line),
    progress,
    error: (text) => lines.push(text),
    colour: false,
    text: () => lines.map((line) => `${line}\n`).join(''),
  };
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printError(error: unknown): void {
  printErrorText(formatError(error));
}

function printErrorText(text: string): void {
  process.stderr.write(
    `${wantsColour(process.stderr) ? text.replace(/^(error\[[^\]]+\])/, '\u001b[31m$1\u001b[0m') : text}\n`,
  );
}

let survives = false;

/** Whoever reads our output may be gone (Nx was killed): that is no reason to leave without cleaning up. */
export function surviveClosedOutput(): void {
  if (survives) return;
  survives = true;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
