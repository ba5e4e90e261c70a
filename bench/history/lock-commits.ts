import { execFileSync } from 'node:child_process';
import { gitArguments, gitEnvironment } from './object-reader';

export interface LockCommit {
  id: string;
  tree: string;
  parentTree: string;
}

/** The newest first-parent commits that change any Cargo.lock, oldest first. The first commit of all has nothing before it. */
export function lockCommits(repository: string, count: number): LockCommit[] {
  const args = [
    'log',
    '--first-parent',
    '-m',
    `--max-count=${count}`,
    '--format=%H %T %P',
    '--',
    ':(glob)**/Cargo.lock',
  ];
  const commits = git(repository, args).flatMap((line) => {
    const [id = '', tree = '', parent] = line.split(' ');
    return parent === undefined || parent === '' ? [] : [{ id, tree, parent }];
  });
  const trees = treesOf(
    repository,
    commits.map(({ parent }) => parent),
  );
  return commits
    .flatMap(({ id, tree, parent }) => {
      const parentTree = trees.get(parent);
      // A shallow clone ends before the parent.
      return parentTree === undefined ? [] : [{ id, tree, parentTree }];
    })
    .reverse();
}

function treesOf(repository: string, commits: string[]): Map<string, string> {
  const input = commits.map((id) => `${id}^{tree}\n`).join('');
  const lines = git(repository, ['cat-file', '--batch-check=%(objectname)'], input);
  return new Map(
    commits.flatMap((id, index): Array<[string, string]> => {
      const tree = lines[index] ?? '';
      return /^[0-9a-f]+$/.test(tree) ? [[id, tree]] : [];
    }),
  );
}

function git(repository: string, args: string[], input?: string): string[] {
  const options = {
    env: gitEnvironment(),
    input: input ?? '',
    maxBuffer: 1024 ** 3,
    encoding: 'utf8' as const,
    stdio: 'pipe' as const,
  };
  const output = execFileSync('git', gitArguments(repository, args), options);
  return output.split('\n').filter(Boolean);
}
