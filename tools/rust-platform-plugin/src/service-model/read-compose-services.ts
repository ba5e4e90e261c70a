import { readFile } from 'node:fs/promises';
import { isTable } from './mistakes';

/** Names of the services in a compose file, sorted; none when the file is missing or unreadable (deps says so). */
export async function readComposeServices(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  // Loaded only here: most models never look at the compose file.
  const { parse } = require('yaml') as typeof import('yaml');
  try {
    const document: unknown = parse(text);
    const services = isTable(document) ? document['services'] : undefined;
    return isTable(services) ? Object.keys(services).sort() : [];
  } catch {
    return [];
  }
}
