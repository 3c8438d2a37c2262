import request from 'supertest';
import { appWith } from '../testing/app';
import { addressOf } from './address';

const appTrusting = (trustProxy: string) =>
  appWith(
    (router) => {
      router.get('/', (asked, response) => void response.json(addressOf(asked)));
    },
    { trustProxy },
  );

const from = async (forwarded: string | undefined, trustProxy: string): Promise<unknown> => {
  const asking = request(appTrusting(trustProxy)).get('/api/things');
  return (await (forwarded === undefined ? asking : asking.set('X-Forwarded-For', forwarded)))
    .body as unknown;
};

test.each<[string, string | undefined, string, string]>([
  ['nobody forwards', undefined, 'loopback', '127.0.0.1'],
  ['the trusted proxy names', '203.0.113.7', 'loopback', '203.0.113.7'],
  ['a client made up, and the proxy added to', '1.2.3.4, 203.0.113.7', 'loopback', '203.0.113.7'],
  [
    'a client made up behind two proxies',
    '1.2.3.4, 203.0.113.7, 10.0.0.9',
    'loopback,10.0.0.0/8',
    '203.0.113.7',
  ],
  ['a client claims to be the proxy', '1.2.3.4, 10.0.0.9, 203.0.113.7', 'loopback,10.0.0.0/8', '203.0.113.7'],
  ['somebody forwards whom nobody trusts', '1.2.3.4', '10.0.0.0/8', '127.0.0.1'],
  ['is no address', 'x'.repeat(5000), 'loopback', 'x'.repeat(5000)],
  ['is written as IPv6 and is not', '::ffff:203.0.113.7', 'loopback', '203.0.113.7'],
  ['is in a household', '2001:db8:1:2:3:4:5:6', 'loopback', '2001:db8:1:2::/64'],
  ['is another one of that household', '2001:DB8:1:2::beef', 'loopback', '2001:db8:1:2::/64'],
  [
    'is the same, written in full',
    '2001:0db8:0001:0002:0000:0000:0000:0001',
    'loopback',
    '2001:db8:1:2::/64',
  ],
  ['is in the next household', '2001:db8:1:3::1', 'loopback', '2001:db8:1:3::/64'],
  ['is shortened at the front', '::1:2:3:4:5', 'loopback', '0:0:0:1::/64'],
  ['is shortened at the end', 'fe80::', 'loopback', 'fe80:0:0:0::/64'],
])('The address that %s is the one to count', async (_who, forwarded, trustProxy, expected) => {
  expect(await from(forwarded, trustProxy)).toBe(expected);
});
