/** Cheap: most sources have no example that reads anything. */
const MAY_READ = /\/\/[/!].*\b(env!|option_env!|include\w*!|env::|fs::|File::|migrate!)/;
const NO_RUST = /^(text|ignore\b.*|console|sh|bash|shell|toml|json|yaml|sql|http|ini|plain)$/;

/** The examples in the doc comments of a source, which rustdoc compiles and runs as tests. */
export function exampleSources(source: string): string[] {
  if (!MAY_READ.test(source)) return [];
  const found: string[] = [];
  let example: string[] | undefined;
  for (const line of source.split('\n')) {
    const text = /^\s*\/\/[/!] ?(.*)$/.exec(line)?.[1];
    const fence = /^\s*(?:`{3,}|~{3,})\s*(.*)$/.exec(text ?? '');
    if (text === undefined || (example && fence)) {
      if (example) found.push(example.join('\n'));
      example = undefined;
    } else if (fence) example = NO_RUST.test(fence[1] ?? '') ? undefined : [];
    // A line that is only hidden from the reader.
    else example?.push(text.replace(/^\s*# ?/, ''));
  }
  return found;
}
