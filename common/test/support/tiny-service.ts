// The smallest service there can be, run as a process by run.test.ts: its environment says how it behaves.
import { createServer } from 'node:http';
import { createApp, readConfig, run, Service, serviceEnv, sessionEnv, type Part } from '../../src';

const behaviour = process.env['BEHAVIOUR'];

function createService(): Service {
  const service = new Service({
    name: 'tiny',
    config: readConfig({ ...serviceEnv, ...sessionEnv }, process.env),
  });
  const part: Part = {
    name: 'part',
    start: async () => {
      service.logger.info('part starting');
      if (behaviour === 'fails at start') throw new Error('the part is away');
      // Keeps the process alive, as a connection would; ended by the service's stop alone.
      if (behaviour === 'hangs at start') await new Promise(() => createServer().listen(0));
      service.logger.info('part started');
    },
    stop: async () => {
      if (behaviour === 'hangs at stop') await new Promise(() => createServer().listen(0));
      service.logger.info('part stopped');
    },
  };
  service.commands.set('greet', {
    usage: 'greet NAME',
    needs: ['part'],
    run: ([name]) =>
      name === undefined
        ? Promise.reject(new Error('Usage: greet NAME'))
        : Promise.resolve(`Hello, ${name}.`),
  });
  const { logger, metrics, health } = service;
  if (behaviour === 'throws later')
    setTimeout(() => void Promise.reject(new Error('nobody caught this')), 200);
  return service.use(part).serve(createApp({ logger, metrics, health, trustProxy: 'loopback', routes: {} }));
}

void run(createService, process.argv.slice(2));
