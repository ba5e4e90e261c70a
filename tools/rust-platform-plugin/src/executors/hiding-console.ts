import type { TaskConsole } from './task-console';

/** Whatever Nx may keep of the output names no folder of this machine: it is shown on others, too. */
export function hidingConsole(console: TaskConsole, hide: (text: string) => string): TaskConsole {
  return {
    colour: console.colour,
    line: (line) => console.line(hide(line)),
    progress: (line) => console.progress(hide(line)),
    error: (text) => console.error(hide(text)),
  };
}
