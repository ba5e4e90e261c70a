import { append, edit, type Mutation } from '../mutation';
import { build, testApi } from '../tasks';

const ROOT = 'rust/Cargo.toml';
const APP = 'rust/services/app/Cargo.toml';
const UTIL = 'rust/crates/util/Cargo.toml';
const BASE = 'rust/crates/base/Cargo.toml';

/** Section 1: parts of manifests that one kind of task reads, or none. */
export const METADATA: Mutation[] = [
  {
    name: 'the environment that a service declares',
    change: edit(APP, 'GREETING = "hello"', 'GREETING = "goodbye"'),
    misses: testApi(),
    short: true,
  },
  {
    name: 'the environment that a needed service declares',
    change: edit('rust/services/peer/Cargo.toml', 'COLOUR = "red"', 'COLOUR = "blue"'),
    misses: testApi(),
  },
  {
    name: 'the arguments of a service',
    change: edit(APP, 'port = 8001', 'port = 8001\nargs = ["--quick"]'),
    misses: testApi(),
  },
  {
    name: 'the stable port of a service: API tests take a free one',
    change: edit(APP, 'port = 8001', 'port = 8003'),
    misses: [],
  },
  { name: 'keywords', change: edit(UTIL, '"small"', '"small", "tiny"'), misses: [] },
  {
    name: 'a category and publish',
    change: edit(UTIL, 'keywords', 'publish = false\ncategories = ["no-std"]\nkeywords'),
    misses: [],
  },
  {
    name: '[package.metadata] of another tool',
    change: edit(APP, /level = 1/, 'level = 2'),
    misses: [],
  },
  { name: '[workspace.metadata]', change: edit(ROOT, 'level = 1', 'level = 2'), misses: [] },
  {
    name: 'default-members',
    change: edit(ROOT, 'resolver', 'default-members = ["crates/base"]\nresolver'),
    misses: [],
  },
  {
    name: 'a comment in the root manifest',
    change: edit(ROOT, '# Members in the order', '# All members, in the order'),
    misses: [],
    short: true,
  },
  {
    name: 'formatting and order of a manifest',
    change: edit(BASE, 'name = "base"\nversion = "0.1.0"', 'version="0.1.0"   # once\nname =   "base"'),
    misses: [],
  },
  {
    name: 'the package at the root: its profile',
    change: append('Cargo.toml', '\n[profile.release]\nlto = true\n'),
    misses: build('top'),
  },
  { name: 'a comment in every manifest', change: commentEverywhere, misses: [] },
];

async function commentEverywhere({ edits, path }: Parameters<Mutation['change']>[0]): Promise<void> {
  for (const file of [ROOT, APP, UTIL, BASE, 'other/solo/Cargo.toml', 'Cargo.toml']) {
    await edits.edit(path(file), (text) => `# A comment.\n${text}`);
  }
}
