// For a test file: a system of its own from before the first test until after the last.
import { System, type SystemOptions } from './system';

export function useSystem(options: SystemOptions): () => System {
  let system: System | undefined;
  beforeAll(async () => {
    system = await System.boot(options);
  });
  afterAll(async () => {
    await system?.stop();
  });
  return () => {
    if (!system) throw new Error('The system has not been booted.');
    return system;
  };
}
