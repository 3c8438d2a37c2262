// Announces documents' last events once more, as the relay would: safe, because events carry full state and versions.
import { keyValue } from './comparisons.mjs';
import { withBroker } from './broker.mjs';

const confirmMs = 10_000;

/**
 * @param {import('./databases.mjs').Databases} databases
 * @param {import('./servers.mjs').Servers} servers
 * @param {import('./comparisons.mjs').Comparison} comparison
 * @param {string[]} keys
 * @returns {Promise<number>} how many events
 */
export async function announceAgain(databases, servers, { announcers }, keys) {
  if (keys.length === 0) return 0;
  /** @type {{ type: string }[]} */
  const events = [];
  for (const { service, key } of announcers) {
    const chosen = { [key]: { $in: keys.map((each) => keyValue(key, each)) } };
    const found = databases[service]
      .collection(service)
      .find({ ...chosen, event: { $type: 'object' } }, { projection: { event: 1 }, maxTimeMS: 30_000 });
    for await (const { event } of found) events.push(event);
  }
  await withBroker(servers, async (broker) => {
    for (const event of events) {
      await new Promise((resolve, reject) => {
        const deadline = setTimeout(
          () => reject(new Error('The broker did not confirm in time.')),
          confirmMs,
        );
        broker.publish(event.type, JSON.stringify(event), (error) => {
          clearTimeout(deadline);
          if (error) reject(error);
          else resolve(undefined);
        });
      });
    }
  });
  return events.length;
}
