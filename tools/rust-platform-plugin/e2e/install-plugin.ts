import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Jest's module mapping, which execa needs, does not hold in a global setup.
const run = promisify(execFile);

/** Packs the plugin as npm would publish it and installs it beside Nx; every workspace of the specs links this folder. */
export default async function installPlugin(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rp-e2e-install-'));
  process.env['RP_E2E_INSTALL'] = folder;
  const plugin = join(__dirname, '..');
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: plugin,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const manifest = {
    name: 'e2e',
    private: true,
    dependencies: {
      nx: '24.0.6',
      '@nx/devkit': '24.0.0',
      'rust-platform-plugin': `file:${join(folder, filename)}`,
    },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'], {
    cwd: folder,
  });
}
