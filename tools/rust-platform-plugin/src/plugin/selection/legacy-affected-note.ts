import { isLegacyAffected, type Defaults } from './affected-request';

/**
 * For a run of `nx affected` under the old setting: what it costs, and how to be rid of it. `undefined` for any other run.
 * `args`: the arguments of Nx.
 */
export function legacyAffectedNote(args: readonly string[], defaults: Defaults): string | undefined {
  if (!args.some((word) => /^affected(:.*)?$/.test(word)) || !isLegacyAffected(defaults)) return undefined;
  const setting =
    defaults.env['NX_LEGACY_AFFECTED'] === 'true'
      ? 'NX_LEGACY_AFFECTED=true'
      : '"affected": { "legacy": true } in nx.json';
  return (
    `${setting} makes \`nx affected\` select whole projects and all that depend on them, also through dev-dependencies: ` +
    'crates whose results cannot have changed run too. Remove it, and tasks are selected by their inputs.'
  );
}
