import { rm } from 'node:fs/promises';

export default async function removePlugin(): Promise<void> {
  const folder = process.env['RP_E2E_INSTALL'];
  if (folder) await rm(folder, { recursive: true, force: true });
}
