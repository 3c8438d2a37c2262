// Preloaded into the system's supervisor: whatever becomes of the tests, also when they are killed, it stops with them
// and leaves nothing behind.
import { rmSync } from 'node:fs';

let isAsked = false;
process.once('SIGTERM', () => (isAsked = true));
process.stdin
  .on('end', () => {
    const home = process.env['TICKETING_HOME'];
    if (home && process.env['E2E_KEEP'] !== '1') {
      process.once('exit', () => rmSync(home, { recursive: true, force: true }));
    }
    if (!isAsked) process.kill(process.pid, 'SIGTERM');
  })
  .resume()
  .unref();
