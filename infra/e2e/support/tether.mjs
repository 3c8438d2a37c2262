// Preloaded into the system's supervisor: whatever becomes of the tests, also when they are killed, it stops with them.
process.stdin
  .on('end', () => process.kill(process.pid, 'SIGTERM'))
  .resume()
  .unref();
