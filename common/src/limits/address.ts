// Whom a limit by address is about.
import { isIPv4 } from 'node:net';
import type { Request } from 'express';

/** The eight groups of an IPv6 address, `::` written out. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const left = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, left)).fill('0'), ...after];
}

/**
 * The address that a request comes from, as the trusted proxies tell it (`TRUST_PROXY`; others' X-Forwarded-For is not
 * believed). Of an IPv6 address the network of 64 bits that one household is given: it has more addresses than could be counted.
 */
export function addressOf(request: Request): string {
  const address = (request.ip ?? 'unknown').toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(address) || !address.includes(':')) return address;
  const network = groupsOf(address.split('%')[0] ?? '').slice(0, 4);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
