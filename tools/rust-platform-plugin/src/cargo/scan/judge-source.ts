import { mergeReads, type CompileTimeReads, type FunctionReads } from './function-reads';
import { placeOf, type CrateContent } from './crate-content';
import type { ScanRequest } from './crate-scan';
import { isMadeByCargo } from './found-variables';
import { isOfMacro, judgeNamedProgram, judgeRead, type CompileTimeRole } from './judge-reads';
import { looksLikePath } from './path-texts';

/** What a source that runs while crates compile brings; reasons go to `content` at once. */
export interface JudgedReads {
  /** Alternatives: each is taken if it is there. */
  optional: string[][];
  required: string[][];
  /** That it asks for. */
  variables: string[];
  programs: string[];
  notes: string[];
  git: boolean;
  /** All of its manifest counts. */
  manifest: boolean;
  cCompiler: boolean;
  /** It reads files for others, of which cargo takes no notice. */
  readsUntracked: boolean;
}

type Request = Pick<ScanRequest, 'root' | 'cargoRoot' | 'reachable' | 'cache'> & {
  file: string;
  role: CompileTimeRole;
  content: CrateContent;
};

export function judgeSource(request: Request): JudgedReads {
  const { file, role, root, cargoRoot = root, reachable, cache, content } = request;
  const isLibrary = role === 'library' || role === 'macro-library';
  const isCalled = ({ name }: FunctionReads) =>
    !isLibrary || !reachable || name === '' || reachable.has(name);
  const reads = mergeReads(cache.reads(file).filter(isCalled));
  const workingFolders = isOfMacro(role) ? [cargoRoot] : [];
  const readsFiles = reads.files !== undefined || (reads.reads?.some(({ kind }) => kind === 'file') ?? false);
  for (const name of reads.programs ?? []) judgeNamedProgram(name, file, content);
  if (reads.network) content.reason(file, ': it may ask the network', { observable: false });
  const { declaresFiles = false, declaresVariables = false } = reads;
  const source = { file, role, root, workingFolders, declaresFiles, declaresVariables, content };
  for (const read of reads.reads ?? []) judgeRead(read, source);
  const isScript = role === 'build-script';
  const texts = isScript || readsFiles ? (reads.texts ?? []) : [];
  return {
    // Every text counts that names something there.
    optional: texts.map((text) => {
      const bases = [root, ...(looksLikePath(text) ? workingFolders : [])];
      return bases.map((base) => placeOf(base, text, true));
    }),
    required: (reads.files ?? []).map((path) =>
      [root, ...workingFolders].map((base) => placeOf(base, path, false)),
    ),
    variables: reads.variables ?? [],
    programs: reads.programs ?? [],
    notes: isScript ? undeclared(reads, request) : [],
    git: reads.git ?? false,
    manifest: isScript && (reads.manifest ?? false),
    cCompiler: reads.cCompiler ?? false,
    readsUntracked: !isScript && readsFiles,
  };
}

/** Cargo does not notice a change of such a variable; the key does. */
function undeclared({ declares = [] }: CompileTimeReads, { file, cache, content }: Request): string[] {
  return (cache.references(file).runtimeEnv ?? [])
    .filter((name) => !isMadeByCargo(name) && !declares.includes(name))
    .map((name) => `${content.show(file)} reads ${name} without declaring it`);
}
