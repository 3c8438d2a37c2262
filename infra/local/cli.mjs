// `npm run local -- …`: looks at a running system and drives its parts, to make an outage or to end one.
import { parseArgs } from 'node:util';
import { homeOf } from './bootstrap/home.mjs';
import { showLogs } from './control/logs.mjs';
import { callControl } from './control/client.mjs';
import { statusTable } from './control/status-table.mjs';
import { PlainFailure, report, survivesItsReader } from './failure.mjs';

const usage = `npm run local -- status [--json]   what runs, where, and how it is
                 stop NAME         stops it until it is started again
                 start NAME        starts it and waits until it is ready
                 kill NAME         SIGKILL; the supervisor brings it back
                 logs NAME [-f]    the end of its log; -f goes on

NAME is a part, all its replicas (orders) or one (orders/2).`;

survivesItsReader(process.stdout);
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}

/** @param {string[]} argv */
async function main(argv) {
  const { positionals, values } = parse(argv);
  const [action, name, ...more] = positionals;
  const { folder, run, logs } = homeOf(process.env);
  if (values.help) process.stdout.write(`${usage}\n`);
  else if (action === 'status' && name === undefined) {
    const status = await callControl(run, 'GET', '/status');
    process.stdout.write(values.json ? `${JSON.stringify(status)}\n` : statusTable(status));
  } else if (action === 'logs' && name !== undefined && more.length === 0) {
    await showLogs(logs, name, { follow: values.follow });
  } else if (['stop', 'start', 'kill'].includes(action ?? '') && name !== undefined && more.length === 0) {
    await callControl(run, 'POST', `/${action}/${encodeURIComponent(name)}`);
  } else {
    throw new PlainFailure(`"${argv.join(' ')}" is not a command for the system in ${folder}.`, {
      exitCode: 2,
      detail: usage,
    });
  }
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        follow: { type: 'boolean', short: 'f', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new PlainFailure(`"${args.join(' ')}" is not a command here.`, {
      exitCode: 2,
      detail: usage,
      cause: error,
    });
  }
}
