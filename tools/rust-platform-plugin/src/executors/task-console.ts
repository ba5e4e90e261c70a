import { formatError } from '../errors';

/** A terminal that did not ask for plain text. */
export function wantsColour(stream: { isTTY?: boolean } = process.stdout): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'];
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What, why and fix of an error, once. */
export function printError(error: unknown): void {
  const text = formatError(error);
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
