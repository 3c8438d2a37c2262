// Preloaded where TICKETING_ADDRESS is given: the front door's name means that address, as a line in /etc/hosts would say.
import dns from 'node:dns';
import { isIPv6 } from 'node:net';

const { hostname } = new URL(process.env['TICKETING_URL'] ?? 'https://ticketing.dev');
const address = process.env['TICKETING_ADDRESS'] ?? '';
const family = isIPv6(address) ? 6 : 4;
const lookup = dns.lookup;

dns.lookup = /** @type {typeof lookup} */ (
  /** @type {unknown} */ (
    (/** @type {string} */ name, /** @type {any} */ options, /** @type {any} */ callback) => {
      const [settings, done] = typeof options === 'function' ? [{}, options] : [options ?? {}, callback];
      if (name !== hostname) return lookup(name, settings, done);
      process.nextTick(() =>
        settings.all ? done(null, [{ address, family }]) : done(null, address, family),
      );
    }
  )
);
