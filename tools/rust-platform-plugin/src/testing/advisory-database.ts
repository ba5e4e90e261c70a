import { writeFiles } from './cargo-workspace';
import { run } from '../process/run';

/** An advisory of the database that `writeAdvisoryDatabase` makes. */
export interface TestAdvisory {
  id: string;
  package: string;
  patched: string[];
  aliases?: string[];
  informational?: 'unmaintained';
}

/** A git repository in the format of the RustSec database; `committedAt` is ISO 8601. */
export async function writeAdvisoryDatabase(
  folder: string,
  advisories: TestAdvisory[],
  committedAt = new Date().toISOString(),
): Promise<void> {
  await writeFiles(
    folder,
    Object.fromEntries(
      advisories.map((advisory) => [`crates/${advisory.package}/${advisory.id}.md`, advisoryText(advisory)]),
    ),
  );
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid'];
  const env = { GIT_COMMITTER_DATE: committedAt, GIT_AUTHOR_DATE: committedAt };
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...author, 'commit', '--quiet', '--message=advisories'],
  ]) {
    const result = await run('git', args, { cwd: folder, env });
    if (result.exitCode !== 0) throw new Error(result.stderr);
  }
}

function advisoryText({ id, package: name, patched, aliases = [], informational }: TestAdvisory): string {
  const kind = informational ? `informational = "${informational}"\n` : '';
  return `\`\`\`toml
[advisory]
id = "${id}"
package = "${name}"
date = "2020-11-18"
aliases = ${JSON.stringify(aliases)}
${kind}
[versions]
patched = ${JSON.stringify(patched)}
\`\`\`

# A flaw in ${name}

Text.
`;
}
