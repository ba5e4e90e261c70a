import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '../mutation';

/** Another version of httpyac beside the plugin. */
export const upgradeRunner: Change = async ({ edits, base }) => {
  const folder = join(base, 'plugin', 'node_modules', 'httpyac');
  await edits.replaceLink(folder, async () => {
    await mkdir(folder);
    await writeFile(
      join(folder, 'package.json'),
      '{ "name": "httpyac", "version": "99.0.0", "main": "index.js" }',
    );
    await writeFile(join(folder, 'index.js'), '');
  });
};

/** The plugin as npm installs it: a folder in node_modules, where its version is enough. */
export const installPlugin: Change = async ({ edits, base, path }) => {
  const target = path('node_modules/rust-platform-plugin');
  await edits.replaceLink(target, () =>
    cp(join(base, 'plugin'), target, {
      recursive: true,
      filter: (source) => source !== join(base, 'plugin', 'node_modules'),
    }),
  );
};

export const upgradePlugin: Change = ({ edits, path }) =>
  edits.edit(path('node_modules/rust-platform-plugin/package.json'), (text) =>
    text.replace(/"version": ".*"/, '"version": "99.0.0"'),
  );
