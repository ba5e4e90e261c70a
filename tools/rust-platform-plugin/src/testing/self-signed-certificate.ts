import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/run';
import { temporaryFolder } from './temporary-folder';

/** For a TLS server that nobody trusts. */
export async function selfSignedCertificate(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await temporaryFolder('tls');
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  try {
    const { exitCode, stderr } = await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
      ...['-keyout', key, '-out', cert],
    ]);
    if (exitCode !== 0) throw new Error(stderr);
    return { key: await readFile(key), cert: await readFile(cert) };
  } finally {
    await folder.remove();
  }
}
