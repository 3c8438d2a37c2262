// A connection to the broker in a process of its own, to be killed or stopped: holds what it is given, unacknowledged.
import { NatsStreaming } from '../../src/broker';
import { createLogger } from '../../src/process';

const [, , url = '', clientId = '', channel = ''] = process.argv;
const broker = new NatsStreaming({
  url,
  clusterId: 'ticketing',
  clientId,
  logger: createLogger('test', clientId, 'silent'),
});
broker.subscribe({ channel, group: 'group', maxInFlight: 10, ackWaitSeconds: 2 }, ({ data }) => {
  process.stdout.write(`${data}\n`);
});
process.once('SIGTERM', () => void broker.stop());
void broker.start();
