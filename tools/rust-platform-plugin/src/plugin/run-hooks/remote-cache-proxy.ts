import { BlockList, isIP } from 'node:net';

/**
 * The proxy that the HTTP client of Nx takes for an address, by the usual variables; `undefined`: none. `unknown`: one that
 * is not spoken here (SOCKS, TLS to the proxy).
 */
export function remoteCacheProxy(url: URL, env: NodeJS.ProcessEnv): URL | 'unknown' | undefined {
  const read = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
  const given = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? read('ALL_PROXY');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (given === undefined || isExempt(host, read('NO_PROXY') ?? '')) return undefined;
  try {
    const proxy = new URL(given.includes('://') ? given : `http://${given}`);
    return proxy.protocol === 'http:' ? proxy : 'unknown';
  } catch {
    return 'unknown';
  }
}

function isExempt(host: string, list: string): boolean {
  const entries = list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  return entries.some((entry) => {
    if (entry === '*') return true;
    if (isIP(host)) return entry.includes('/') ? isInNetwork(host, entry) : entry === host;
    const domain = entry.replace(/^\./, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}

function isInNetwork(host: string, entry: string): boolean {
  const [network = '', bits] = entry.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(network) !== isIP(host)) return false;
  const list = new BlockList();
  try {
    list.addSubnet(network, Number(bits), family);
    return list.check(host, family);
  } catch {
    return false;
  }
}
