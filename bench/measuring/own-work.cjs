// Calls the plugin as `nx show projects` does, in the workspace that it is started in, and prints how long each part took, or with the
// word `inferred` what it says.
const { readFileSync, readdirSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { join } = require('node:path');
// Nx has loaded them long before it calls a plugin.
for (const name of ['child_process', 'crypto', 'fs/promises', 'net', 'os', 'url', 'util'])
  require(`node:${name}`);

async function main() {
  const root = process.cwd();
  const nxJsonConfiguration = JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8'));
  const names = readdirSync(join(root, 'crates'));
  const files = ['Cargo.toml', ...names.map((name) => `crates/${name}/Cargo.toml`)];
  const projects = Object.fromEntries(names.map((name) => [name, { root: `crates/${name}` }]));
  const context = { workspaceRoot: root, nxJsonConfiguration, configFiles: files };
  const wantsInferred = process.argv[2] === 'inferred';
  // The plugin asks what Nx was started for.
  process.argv = [process.argv[0], join(root, 'node_modules/nx/bin/nx.js'), 'show', 'projects'];
  const started = performance.now();
  const plugin = require(join(root, 'node_modules/rust-platform-plugin'));
  const loaded = performance.now();
  if (wantsInferred) {
    console.log(JSON.stringify(await plugin.createNodes[1](files, {}, context)));
    return;
  }
  const once = async () => {
    const before = performance.now();
    await plugin.createNodes[1](files, {}, context);
    await plugin.createDependencies(
      {},
      { ...context, projects, externalNodes: {}, fileMap: {}, filesToProcess: {} },
    );
    return performance.now() - before;
  };
  const firstMs = await once();
  const laterMs = await once();
  console.log(JSON.stringify({ loadMs: loaded - started, firstMs, laterMs }));
}

main();
