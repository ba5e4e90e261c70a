/** A command line that can be copied into a POSIX shell. */
export function quoteCommand(args: readonly string[]): string {
  return args.map(quote).join(' ');
}

function quote(arg: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
