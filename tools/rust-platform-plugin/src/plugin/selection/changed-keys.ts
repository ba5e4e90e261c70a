import type { ChangedFiles } from '../../cargo/git-revision';
import { LEARNED_INPUTS_FILE } from '../../cargo/learned-inputs';
import type { RustCrate } from '../../service-model/service-model';
import { KEY_FAMILIES, keyVariable, type KeyFamily } from '../key-variables';
import { allManifestsPart } from '../task-keys/reads-all-manifests';
import { rememberedCargoFacts } from '../task-keys/remembered-cargo-facts';
import { changedCargoFiles, isCargoFile } from './changed-cargo-files';
import { changedLearnedInputs } from './changed-learned-inputs';
import { changedServices } from './changed-services';
import { comparedSources } from './compared-sources';
import { FileMatcher } from './file-matcher';
import { isPackageFile, packageChanges } from './package-changes';
import type { ExactSelection, SelectionRequest } from './selection';

interface Request extends SelectionRequest {
  commit: string;
  changes: ChangedFiles;
}

type ChangedKeys = Pick<ExactSelection, 'variables' | 'projects' | 'files'>;

/** The keys that differ between the commit and the work tree, as far as files decide them. */
export async function changedKeys(request: Request): Promise<ChangedKeys> {
  const { workspaceRoot, commit, changes, model, manifests } = request;
  const all = [...changes.modified, ...changes.added, ...changes.deleted];
  if (all.length === 0) return { variables: new Set(), projects: new Set(), files: [] };
  const isRead = (path: string) => isCargoFile(path) || isPackageFile(path) || path === LEARNED_INPUTS_FILE;
  const sources = await comparedSources(workspaceRoot, commit, changes, isRead);
  const roots = new Map(model.crates.map(({ manifest, cargoRoot }) => [manifest, cargoRoot]));
  const factsNow = () => rememberedCargoFacts({ workspaceRoot, roots, env: request.env });
  const cargo = changedCargoFiles({ roots, manifests, changes, sources, factsNow });
  const packages = packageChanges(workspaceRoot, all, sources);
  const learned = changedLearnedInputs(model, all, sources);
  const services = changedServices(model, all, sources);
  const gone = goneSettings(changes.deleted);
  const record = await request.keyRecord();
  const matcher = new FileMatcher(record, changes, workspaceRoot);
  const judgesAll = ({ project, cargoRoot }: RustCrate, family: KeyFamily): boolean =>
    record.keys[`${project}:${family}`]?.includes(allManifestsPart(cargoRoot)) ?? false;
  const isChanged = (crate: RustCrate, family: KeyFamily): boolean =>
    packages.families.includes(family) ||
    (family !== 'api' && cargo(crate.manifest).families.includes(family)) ||
    (judgesAll(crate, family) && cargo(crate.manifest).workspace) ||
    (family !== 'rustfmt' && learned.has(crate.project)) ||
    (family === 'api' && services.has(crate.project)) ||
    gone.some(({ folder }) => isBelow(crate.root, folder)) ||
    matcher.changes(crate.project, family);
  const variables = model.crates.flatMap((crate) =>
    KEY_FAMILIES.filter((family) => isChanged(crate, family)).map((family) =>
      keyVariable(crate.project, family),
    ),
  );
  const relocked = model.crates.filter(({ manifest }) => cargo(manifest).lock);
  const files = [
    ...all.filter((path) => isRead(path) && !isPackageFile(path)),
    ...packages.files,
    ...matcher.files,
  ];
  return {
    variables: new Set(variables),
    projects: new Set(relocked.map(({ project }) => project)),
    files: [...new Set(files)].sort(),
  };
}

/** Settings that are gone are in no key any more: they counted for everything below their folder. */
function goneSettings(deleted: readonly string[]): Array<{ path: string; folder: string }> {
  return deleted.flatMap((path) => {
    const found = /^(?:(.*)\/)?\.(?:cargo|sqlx|env)(?:[./].*)?$/.exec(path);
    return found ? [{ path, folder: found[1] ?? '.' }] : [];
  });
}

function isBelow(root: string, folder: string): boolean {
  return folder === '.' || root === folder || root.startsWith(`${folder}/`);
}
