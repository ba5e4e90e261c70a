import { append, edit, write, type Change, type Mutation } from '../mutation';
import { all, build, EVERYTHING } from '../tasks';
import { installPlugin, upgradePlugin } from './packages';
import { touchEverything } from './touch-everything';

/** Section 1 and 6: the plugin, npm, Nx's own inputs, the place of the checkout. */
export const WORKSPACE: Mutation[] = [
  {
    name: 'the plugin upgraded',
    given: installPlugin,
    change: upgradePlugin,
    misses: all(...EVERYTHING),
  },
  {
    name: 'a linked plugin changed',
    change: ({ edits, base }) => edits.edit(`${base}/plugin/dist/index.js`, (text) => `${text}// more\n`),
    misses: all(...EVERYTHING),
  },
  {
    name: 'any other package of npm',
    change: edit('package-lock.json', '"1.2.0"', '"1.3.0"'),
    misses: [],
    short: true,
  },
  {
    name: "Nx's own: nx.json",
    change: edit('nx.json', '"analytics"', '"parallel": 2, "analytics"'),
    misses: all(...EVERYTHING),
  },
  { name: "Nx's own: .gitignore", change: append('.gitignore', 'more\n'), misses: all(...EVERYTHING) },
  { name: "Nx's own: .nxignore", change: write('.nxignore', 'docs\n'), misses: all(...EVERYTHING) },
  {
    name: "Nx's own: the root tsconfig",
    change: edit('tsconfig.base.json', '"strict": true', '"strict": false'),
    misses: all(...EVERYTHING),
  },
  {
    name: "Nx's own: project.json of a user",
    change: write('rust/tools/lone/project.json', '{ "name": "lone", "tags": ["scope:tools"] }\n'),
    misses: all('lone'),
  },
  { name: 'README of the repository', change: append('README.md', 'More.\n'), misses: [] },
  { name: 'README of a crate', change: append('rust/crates/base/README.md', 'More.\n'), misses: [] },
  {
    name: 'README of a crate whose build script says what it reads',
    change: append('rust/services/app/README.md', 'More.\n'),
    misses: [],
  },
  { name: 'CHANGELOG of a crate', change: append('rust/crates/base/CHANGELOG.md', '- more\n'), misses: [] },
  { name: 'LICENSE of a crate', change: append('rust/crates/base/LICENSE', 'More.\n'), misses: [] },
  {
    name: 'a folder that belongs to no crate',
    change: write('web/src/index.ts', 'export {};\n'),
    misses: [],
  },
  { name: 'documentation beside the root package', change: append('docs/guide.md', 'More.\n'), misses: [] },
  {
    name: 'a Cargo.toml that is no crate',
    change: write('scaffolds/x/Cargo.toml', '[[{{name}}]]\n'),
    misses: [],
  },
  {
    name: 'formatting of rust-inputs.json',
    change: edit('rust-inputs.json', '"schemaVersion": 1,', '"schemaVersion":   1,\n'),
    misses: [],
  },
  { name: 'every file touched without a change', change: touchEverything, misses: [], short: true },
  {
    name: 'a checkout in another folder: all but the binary that holds its folder',
    change: nothing,
    elsewhere: true,
    misses: build('anchored'),
  },
];

function nothing(..._: Parameters<Change>): Promise<void> {
  return Promise.resolve();
}
