const LIST_OPTIONS = new Set(['-t', '--target', '--targets']);
const NO_TARGET = new Set(['run', 'run-many', 'affected', 'run-one']);

/**
 * The targets an Nx command line asks for: `run-many -t build test`, `affected --target=build`, `run shop:bench`,
 * `bench shop`.
 */
export function requestedTargets(args: readonly string[]): string[] {
  const [command = '', ...rest] = args;
  if (command === 'run' || command === 'run-one')
    return targetOfTask(rest.find((arg) => !arg.startsWith('-')));
  const listed = listedTargets(rest);
  if (listed.length > 0) return [...new Set(listed)];
  return NO_TARGET.has(command) || command.startsWith('-') ? [] : targetOfTask(`:${command}`);
}

function targetOfTask(task: string | undefined): string[] {
  const target = task?.split(':')[1];
  return target ? [target] : [];
}

function listedTargets(args: readonly string[]): string[] {
  const targets: string[] = [];
  let isInList = false;
  for (const arg of args) {
    if (arg === '--') break;
    const [option = '', value] = arg.split('=', 2);
    if (LIST_OPTIONS.has(option)) {
      if (value !== undefined) targets.push(...value.split(','));
      isInList = value === undefined;
    } else if (arg.startsWith('-')) {
      isInList = false;
    } else if (isInList) {
      targets.push(...arg.split(','));
    }
  }
  return targets;
}
