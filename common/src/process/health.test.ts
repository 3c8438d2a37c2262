import { Health } from './health';

describe('A replica', () => {
  test('is ready between start and the first step of stopping', () => {
    const health = new Health();
    expect(health.report()).toEqual({ isReady: false, checks: {} });
    health.setServing(true);
    expect(health.report().isReady).toBe(true);
    health.setServing(false);
    expect(health.report().isReady).toBe(false);
  });

  test.each([
    [true, true, true],
    [true, false, true],
    [false, true, false],
    [false, false, false],
  ])('with its database up (%p) and its broker up (%p) is ready: %p', (mongodb, broker, isReady) => {
    const health = new Health();
    health.watch('mongodb', () => mongodb, { isNeeded: true });
    health.watch('broker', () => broker, { isNeeded: false });
    health.setServing(true);
    expect(health.report()).toEqual({
      isReady,
      checks: { mongodb: { isUp: mongodb, isNeeded: true }, broker: { isUp: broker, isNeeded: false } },
    });
  });

  test('looks at its servers each time it is asked', () => {
    const health = new Health();
    let isUp = true;
    health.watch('mongodb', () => isUp, { isNeeded: true });
    health.setServing(true);
    expect(health.report().isReady).toBe(true);
    isUp = false;
    expect(health.report().isReady).toBe(false);
    isUp = true;
    expect(health.report().isReady).toBe(true);
  });
});
