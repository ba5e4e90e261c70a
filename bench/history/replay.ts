import { cargoKeys, readCargoFacts } from '../../tools/rust-platform-plugin/src/cargo/cargo-facts';
import { CargoTrees } from './cargo-trees';
import { compareStates, type CommitFigures } from './compare-states';
import { lockCommits } from './lock-commits';
import { NumberedTexts } from './numbered-texts';
import { ObjectReader } from './object-reader';
import { StateReader, type RepositoryState } from './repository-state';
import { TruthReader, type Cut, type TruthTexts } from './truth/truth';

/** What keys and truth say about one state of a repository. */
export interface Judgement {
  /** By manifest path; no entry: a crate that the plugin gives a key of its own each time. */
  keys: Map<string, Record<Cut, string>>;
  truth: Map<string, Record<Cut, string> | undefined>;
  /** Manifest path → code of the problem. */
  problems: Map<string, string>;
}

export interface Replay {
  repository: string;
  commits: CommitFigures[];
  seconds: number;
  /** Seconds of them that the plugin's own code took. */
  keySeconds: number;
  /** Of the processor: what a busy machine does not change. */
  cpuSeconds: number;
}

/** Recomputes the keys of all members before and after each commit that changes a lock, and the truth beside them. */
export async function replay(repository: string, count: number): Promise<Replay> {
  const started = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const reader = new ObjectReader(repository);
  try {
    const states = new StateReader(reader, new CargoTrees(reader));
    const judge = new Judge();
    const commits: CommitFigures[] = [];
    for (const { id, tree, parentTree } of lockCommits(repository, count)) {
      const [before, after] = [await states.stateOf(parentTree), await states.stateOf(tree)];
      commits.push(
        compareStates(id, judge.judge(before), judge.judge(after), (manifest, cut) =>
          difference(judge.truth(before).get(manifest)?.[cut], judge.truth(after).get(manifest)?.[cut]),
        ),
      );
    }
    const { user, system } = process.cpuUsage(cpu);
    const cpuSeconds = (user + system) / 1e6;
    return { repository, commits, seconds: secondsSince(started), keySeconds: judge.keySeconds, cpuSeconds };
  } finally {
    await reader.close();
  }
}

class Judge {
  keySeconds = 0;
  private readonly texts = new NumberedTexts();
  private readonly truthReader = new TruthReader();
  /** The state after one commit is often that before the next. */
  private readonly known = new Map<string, Judgement>();

  judge(state: RepositoryState): Judgement {
    const known = this.known.get(state.signature);
    if (known) return known;
    const started = process.hrtime.bigint();
    const facts = readCargoFacts(state, state.manifests);
    const keys = cargoKeys(facts);
    this.keySeconds += secondsSince(started);
    const problems = new Map(
      facts.problems.flatMap(({ members, error }) => members.map((member) => [member, error.code] as const)),
    );
    const truth = new Map(
      [...this.truth(state)].map(([manifest, found]) => [
        manifest,
        found && {
          build: this.texts.setOf(found.build),
          test: this.texts.setOf(found.test),
          clippy: this.texts.setOf(found.clippy),
        },
      ]),
    );
    const judgement = { keys, truth, problems };
    this.known.clear();
    this.known.set(state.signature, judgement);
    return judgement;
  }

  truth(state: RepositoryState): Map<string, TruthTexts | undefined> {
    return this.truthReader.read(state);
  }
}

const LONGEST_LINE = 160;

/** The first lines that only one side has. */
function difference(before: string[] = [], after: string[] = []): string[] {
  const [left, right] = [before, after].map((texts) => new Set(texts.flatMap((one) => one.split('\n'))));
  const only = (lines?: Set<string>, others?: Set<string>): string[] =>
    [...(lines ?? [])].filter((line) => !others?.has(line));
  return [...only(left, right).map((line) => `- ${line}`), ...only(right, left).map((line) => `+ ${line}`)]
    .slice(0, 6)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line));
}

function secondsSince(started: bigint): number {
  return Number(process.hrtime.bigint() - started) / 1e9;
}
