import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import type { CommandOptions, Workspace } from '../workspace';

export interface Graph {
  projects: string[];
  errors: string[];
}

/** What an editor is shown: with an error, all that could be read. */
export async function showGraph(workspace: Workspace, { env }: CommandOptions = {}): Promise<Graph> {
  const script = join(workspace.temporary, 'show-graph.cjs');
  await writeFile(script, SHOW_GRAPH);
  const shown = await execa(process.execPath, [script], nodeOptions(workspace, env));
  const line = /^GRAPH (.*)$/m.exec(String(shown.stdout))?.[1];
  if (line === undefined) throw new Error(`no graph:\n${shown.stdout}\n${shown.stderr}`);
  return JSON.parse(line) as Graph;
}

/** A process beside Nx, with nothing of the run that runs these specs. */
function nodeOptions({ root, temporary }: Workspace, env: CommandOptions['env'] = {}): Options {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'CARGO_HOME', 'RUSTUP_HOME', 'RUSTUP_AUTO_INSTALL'];
  const own = Object.fromEntries(kept.map((name) => [name, process.env[name]]));
  const nx = { NX_DAEMON: 'false', NX_CACHE_DIRECTORY: join(root, '..', 'nx-cache'), TMPDIR: temporary };
  return { cwd: root, env: { ...own, ...nx, ...env }, extendEnv: false, reject: false };
}

/** As the extension of an editor asks Nx. */
const SHOW_GRAPH = `
const { createRequire } = require('node:module');
const { createProjectGraphAsync } = createRequire(process.cwd() + '/')('@nx/devkit');
const show = (graph, errors) => console.log('GRAPH ' + JSON.stringify({ projects: Object.keys(graph.nodes).sort(), errors }));
createProjectGraphAsync({ exitOnError: false }).then(
  (graph) => { show(graph, []); process.exit(0); },
  (error) => {
    const errors = error.getErrors?.() ?? [error];
    show(error.getPartialProjectGraph?.() ?? { nodes: {} }, errors.map((one) => (one.errors ?? [[one.message, one]]).map((pair) => String(pair[1]?.message ?? pair)).join('; ')));
    process.exit(0);
  },
);
`;
