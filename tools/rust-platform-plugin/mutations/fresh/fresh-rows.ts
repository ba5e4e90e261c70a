import { chmod, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { append, edit, env, write, type Change } from '../mutation';

/** A change after which cargo alone answers "Fresh" although the result is another, or holds a broken artifact. */
export interface FreshRow {
  name: string;
  target: 'build' | 'clippy' | 'test';
  /** In force before and after the change. */
  env?: Record<string, string>;
  given?: Change;
  change: Change;
  /** What the change is about lies in the target directory: the result is the one from before. */
  isSame?: true;
}

const HOUR = 3_600_000;

/** Section 2: what cargo does not track. */
export const FRESH_ROWS: FreshRow[] = [
  {
    name: 'clippy.toml created at the root of the repository',
    target: 'clippy',
    change: write('clippy.toml', 'disallowed-names = ["forbidden"]\n'),
  },
  {
    name: '.clippy.toml created in the crate',
    target: 'clippy',
    change: write('rust/app/.clippy.toml', 'disallowed-names = ["forbidden"]\n'),
  },
  {
    name: 'a file of its caller that a procedural macro reads',
    target: 'build',
    change: write('rust/app/words.txt', 'words-two\n'),
  },
  {
    name: 'the same for tests: they fail now',
    target: 'test',
    change: write('rust/app/words.txt', 'words-two\n'),
  },
  {
    name: 'a file of its own folder that a procedural macro reads',
    target: 'build',
    change: write('rust/macros/dictionary.txt', 'dictionary-two\n'),
  },
  {
    name: 'a variable that a procedural macro reads',
    target: 'build',
    change: env({ MACRO_LOCALE: 'locale-two' }),
  },
  {
    name: 'a file added to a folder that a procedural macro lists',
    target: 'build',
    change: write('rust/app/migrations/2_more.sql', 'SELECT 2;\n'),
  },
  {
    name: 'the content of a file of flags',
    target: 'build',
    given: withFlags,
    change: ({ edits, base }) => edits.write(join(base, 'flags'), '--cfg=fancy\n'),
  },
  {
    name: 'a source with an older time than the last build',
    target: 'build',
    change: older('rust/app/src/main.rs', edit('rust/app/src/main.rs', 'main-one', 'main-two')),
  },
  {
    name: 'a source of a path dependency with an older time than the last build',
    target: 'build',
    change: older('rust/library/src/lib.rs', edit('rust/library/src/lib.rs', 'library-one', 'library-two')),
  },
  {
    name: 'the same for lints',
    target: 'clippy',
    change: older(
      'rust/app/src/main.rs',
      append('rust/app/src/main.rs', 'pub fn bad() { let _x = 1 == 1; }\n'),
    ),
  },
  {
    name: 'a finished binary overwritten in place, which is a hard link',
    target: 'build',
    change: async (workspace) => {
      await overwrite(workspace.path('rust/target/release/app'), 'echo broken');
      await write('rust/app/notes.txt', 'a file that no build reads\n')(workspace);
    },
    isSame: true,
  },
  {
    name: 'a finished test overwritten in place',
    target: 'test',
    change: async (workspace) => {
      for (const file of await testBinaries(workspace.path('rust/target/debug/deps')))
        await overwrite(file, 'exit 1');
      await write('rust/app/notes.txt', 'a file that no test reads\n')(workspace);
    },
    isSame: true,
  },
];

async function withFlags(workspace: Parameters<Change>[0]): Promise<void> {
  workspace.env['RUSTFLAGS'] = `@${workspace.base}/flags`;
  await workspace.edits.write(join(workspace.base, 'flags'), '--cfg=other\n');
}

/** As rsync, tar and restored checkouts leave files behind. */
function older(file: string, change: Change): Change {
  return async (workspace) => {
    await change(workspace);
    const then = new Date(Date.now() - HOUR);
    await utimes(workspace.path(file), then, then);
  };
}

/** The same inode, other content; a newer time would give it away. */
async function overwrite(file: string, command: string): Promise<void> {
  const { atime, mtime } = await stat(file);
  await writeFile(file, `#!/bin/sh\n${command}\n`);
  await chmod(file, 0o755);
  await utimes(file, atime, mtime);
}

async function testBinaries(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^app-[0-9a-f]+$/.test(name)).map((name) => join(folder, name));
}
