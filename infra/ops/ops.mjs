// `npm run ops -- …`: an operator's commands, the same for a local system and for a cluster.
import { PlainFailure, report, survivesItsReader } from '../local/failure.mjs';
import { readArguments, usage } from './arguments.mjs';
import { withDatabases } from './databases.mjs';
import { orderTimeline, timelineText } from './order.mjs';
import { reconcile, reconciliationText } from './reconcile.mjs';
import { lookAtRelays, relayTable } from './relay.mjs';
import { findServers } from './servers.mjs';
import { setAside } from './set-aside.mjs';

survivesItsReader(process.stdout);
/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

try {
  process.exitCode = (await main(readArguments(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.exitCode = report(error);
}

/**
 * @param {import('./arguments.mjs').Wanted} wanted
 * @returns {Promise<boolean>} whether all is well
 */
async function main(wanted) {
  if (wanted.command === 'help') {
    say(usage);
    return true;
  }
  const servers = await findServers(process.env);
  if (wanted.command === 'set-aside') return setAside(servers, wanted, say);
  return withDatabases(servers, async (databases) => {
    if (wanted.command === 'relay') {
      const reports = await lookAtRelays(databases);
      say(wanted.json ? JSON.stringify(reports) : relayTable(reports));
      return reports.every(({ problems }) => problems.length === 0);
    }
    if (wanted.command === 'reconcile') {
      const found = await reconcile(databases, servers, wanted);
      say(wanted.json ? JSON.stringify(found) : reconciliationText(found));
      return found.disagreements.length === 0;
    }
    const timeline = await orderTimeline(databases, servers, wanted.id);
    if (!timeline) throw new PlainFailure(`No service knows an order ${wanted.id}.`);
    say(wanted.json ? JSON.stringify(timeline) : timelineText(timeline));
    return true;
  });
}
