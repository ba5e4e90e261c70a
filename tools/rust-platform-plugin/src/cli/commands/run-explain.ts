import { loadPlatformOptions } from '../../service-model/load-platform-options';
import { createContext, type CliContext } from '../cli-context';
import { answerOf } from '../explain/answer';
import type { ExplainContext } from '../explain/explain-target';
import { formatAnswer } from '../explain/format-answer';
import { readProjectTargets } from '../explain/project-targets';
import { RunArchive } from '../explain/run-archive';

export async function runExplain(
  words: readonly string[],
  { key, json }: { key: boolean; json: boolean },
): Promise<number> {
  const context = createContext();
  // Of several tasks the keys are only for those who ask.
  const withKey = key || (words.length > 0 && words.every((word) => word.includes(':')));
  const explaining = { ...(await openContext(context)), withKey };
  const answer = await answerOf(words, explaining);
  const { width, colour, write } = context;
  const format = { width, colour, key, now: explaining.now };
  write(
    json ? `${JSON.stringify({ schemaVersion: 1, ...answer }, null, 2)}\n` : formatAnswer(answer, format),
  );
  return 0;
}

async function openContext({ workspaceRoot, env }: CliContext): Promise<Omit<ExplainContext, 'withKey'>> {
  const { stateDirectory, reportsDirectory } = await loadPlatformOptions(workspaceRoot);
  const [archive, targets] = await Promise.all([
    RunArchive.open({ workspaceRoot, stateDirectory, reportsDirectory }),
    readProjectTargets(workspaceRoot, env),
  ]);
  return { archive, targets, now: new Date() };
}
