import { parseArgs } from 'node:util';
import { FRESH_ROWS } from './fresh/fresh-rows';
import { runFresh, type FreshResult } from './fresh/run-fresh';
import { removeIngredients } from './remove/remove-ingredients';
import { freshText, headlineOf, isVerdictGood, rowText, writeReport } from './report';
import { ROWS } from './rows/rows';
import { runMatrix } from './run-matrix';
import { removeAllWorkspaces } from './workspace/workspace';

const USAGE = `usage: npm run test:mutations -- [options]
  --rows <pattern>     only the rows whose name matches
  --short              the rows of the short form, which is part of npm test
  --no-fresh           without the rows that run cargo
  --only-fresh         only those
  --lanes <number>     workspaces at once (2)
  --remove [<name>]    leaves one ingredient out of the keys at a time: which rows fail? Without a name:
                       each in turn; 'groups': the groups and the edges of the lock
  --list               the names of all rows
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: withBareRemove(process.argv.slice(2)),
    options: {
      rows: { type: 'string' },
      short: { type: 'boolean' },
      'no-fresh': { type: 'boolean' },
      'only-fresh': { type: 'boolean' },
      lanes: { type: 'string', default: '2' },
      remove: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const startedAt = new Date();
  const pattern = new RegExp(values.rows ?? '', 'i');
  const rows = ROWS.filter(
    ({ section, name, short }) => pattern.test(`${section}: ${name}`) && (!values.short || short),
  );
  const freshRows = values.short
    ? []
    : FRESH_ROWS.filter(({ name, target }) => pattern.test(`${target}, ${name}`));
  if (values.help) return say(USAGE);
  if (values.list) return say(rows.map(({ section, name }) => `${section}: ${name}\n`).join(''));
  const lanes = Number(values.lanes);
  if (values.remove !== undefined) return removeIngredients({ name: values.remove, rows, lanes, say });
  const matrix = values['only-fresh']
    ? { rows: [], faults: [] }
    : await runMatrix({ rows, lanes, onRow: (row) => say(`${rowText(row).join('\n')}\n`) });
  const fresh: FreshResult[] = values['no-fresh']
    ? []
    : await runFresh(freshRows, { onRow: (row) => say(`${freshText(row).join('\n')}\n`) });
  const verdict = { matrix, fresh, startedAt };
  for (const fault of matrix.faults) say(`fault: ${fault}\n`);
  const files = await writeReport(verdict);
  say(`\n${headlineOf(verdict)}\n${files.join(' ')}\n`);
  return isVerdictGood(verdict) ? 0 : 1;
}

/** `--remove` alone stands for every ingredient. */
function withBareRemove(args: string[]): string[] {
  return args.map((arg, at) => {
    const next = args[at + 1];
    return arg === '--remove' && (next === undefined || next.startsWith('--')) ? '--remove=' : arg;
  });
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const) {
  process.on(signal, () => {
    removeAllWorkspaces();
    process.exit(code);
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
