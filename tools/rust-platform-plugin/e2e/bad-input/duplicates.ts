import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Workspace } from '../workspace';

const LOCK = 'rust/Cargo.lock';
const GIT = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost'];
const CHECKSUM = '1'.repeat(64);

/** `dup` 1.0.0 of a git repository and of a registry (a vendored one), and a crate for each; the lock is written by hand. */
export async function writeDuplicates(workspace: Workspace): Promise<{ first: string; second: string }> {
  const source = (text: string) => ({
    'Cargo.toml': '[package]\nname = "dup"\nversion = "1.0.0"\nedition = "2021"\n',
    'src/lib.rs': `pub const FROM: &str = "${text}";\n`,
  });
  const repository = join(workspace.temporary, 'dup');
  const commit = async (text: string) => {
    await writeTree(repository, source(text));
    await execa('git', ['add', '-A'], { cwd: repository });
    await execa('git', [...GIT, 'commit', '-q', '-m', text], { cwd: repository });
    return (await execa('git', ['rev-parse', 'HEAD'], { cwd: repository })).stdout.trim();
  };
  await mkdir(repository, { recursive: true });
  await execa('git', ['init', '-q', '-b', 'main'], { cwd: repository });
  const first = await commit('from git');
  const second = await commit('from git, later');
  const files = { '.cargo-checksum.json': JSON.stringify({ files: {}, package: CHECKSUM }) };
  await writeTree(join(workspace.temporary, 'vendor/dup'), { ...source('from the registry'), ...files });
  await workspace.write(
    'rust/.cargo/config.toml',
    `[source.crates-io]\nreplace-with = "vendored"\n\n[source.vendored]\ndirectory = "${workspace.temporary}/vendor"\n`,
  );
  const url = `file://${repository}`;
  const user = (name: string, dependency: string) =>
    writeTree(join(workspace.root, 'rust', name), {
      'Cargo.toml': `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\ndup = ${dependency}\n`,
      'src/main.rs': 'fn main() {\n    println!("{}", dup::FROM);\n}\n',
    });
  await user('uses-git', `{ git = "${url}" }`);
  await user('uses-registry', '"1.0.0"');
  await workspace.edit('rust/Cargo.toml', (text) =>
    text.replace('"shared"]', '"shared", "uses-git", "uses-registry"]'),
  );
  const registry = 'registry+https://github.com/rust-lang/crates.io-index';
  const entry = (name: string, source: string) =>
    `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\ndependencies = [\n "dup 1.0.0 (${source})",\n]\n`;
  const dups = [
    `\n[[package]]\nname = "dup"\nversion = "1.0.0"\nsource = "git+${url}#${first}"\n`,
    `\n[[package]]\nname = "dup"\nversion = "1.0.0"\nsource = "${registry}"\nchecksum = "${CHECKSUM}"\n`,
  ];
  await workspace.edit(LOCK, (text) => {
    // In the order in which cargo writes: by name.
    const [head = '', ...packages] = text.trimEnd().split('\n\n[[package]]');
    const before = packages.map((one) => `\n[[package]]${one}\n`);
    const users = [entry('uses-git', `git+${url}`), entry('uses-registry', registry)];
    return [`${head}\n`, ...dups, ...before, ...users].join('');
  });
  return { first, second };
}

export async function removeDuplicates(workspace: Workspace): Promise<void> {
  await workspace.edit('rust/Cargo.toml', (text) => text.replace(', "uses-git", "uses-registry"]', ']'));
  for (const name of ['uses-git', 'uses-registry', '.cargo']) {
    await rm(join(workspace.root, 'rust', name), { recursive: true });
  }
}

export async function outputOf(workspace: Workspace, projects: string[]): Promise<string[]> {
  const runs = projects.map((name) => execa(join(workspace.root, 'dist/rust', name, name)));
  return (await Promise.all(runs)).map(({ stdout }) => stdout);
}

async function writeTree(root: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
  }
}
