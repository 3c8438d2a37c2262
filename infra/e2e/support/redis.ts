// Redis, spoken to directly.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { System } from './system';

/** Forgets everything that Redis holds. */
export async function flushRedis(system: System): Promise<void> {
  const { hostname, port } = new URL(system.address('redis'));
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    socket.write('FLUSHALL\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.toString().startsWith('+OK')) throw new Error(`Redis answered ${answer.toString()}`);
  } finally {
    socket.destroy();
  }
}
