import type { CloudEvent } from '../events';
import { TicketCreated } from '../events';
import { eventOf, ticketData } from '../testing/events';
import { PublishWindow } from './publish-window';

const event = eventOf(TicketCreated, ticketData());
const token = (place: number) => ({ place });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A window whose messages the test confirms, in whatever order. */
function windowOf(size: number) {
  const sent: CloudEvent<unknown>[] = [];
  const ends: { confirm: () => void; fail: (error: unknown) => void }[] = [];
  const window = new PublishWindow((each) => {
    sent.push(each);
    return new Promise((resolve, reject) => ends.push({ confirm: resolve, fail: reject }));
  }, size);
  const confirm = async (place: number): Promise<void> => {
    ends[place]?.confirm();
    await settle();
  };
  const fail = async (place: number, error: unknown = new Error('away')): Promise<void> => {
    ends[place]?.fail(error);
    await settle();
  };
  return { window, sent, confirm, fail };
}

/** How a promise stands after everything that waits for no timer. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = 'waits';
  promise.then(
    () => (state = 'done'),
    (error: unknown) => (state = String(error)),
  );
  await settle();
  return state;
}

describe('A window', () => {
  test('sends in order, without waiting for confirmations', async () => {
    const { window, sent } = windowOf(10);
    const events = Array.from({ length: 3 }, () => eventOf(TicketCreated, ticketData()));
    for (const each of events) await window.send(each, token(1));
    expect(sent).toEqual(events);
    expect(window.isEmpty).toBe(false);
    expect(window.confirmed).toBeUndefined();
  });

  test('has come as far as all before are confirmed, whatever order that happens in', async () => {
    const { window, confirm } = windowOf(10);
    for (let place = 0; place < 4; place++) await window.send(event, token(place));
    await confirm(1);
    expect(window.confirmed).toBeUndefined();
    await confirm(0);
    expect(window.confirmed).toEqual(token(1));
    await confirm(3);
    expect(window.confirmed).toEqual(token(1));
    await confirm(2);
    expect(window.confirmed).toEqual(token(3));
    expect(window.isEmpty).toBe(true);
  });

  test('stays where it was over events that have no place, as those announced again', async () => {
    const { window, confirm } = windowOf(10);
    await window.send(event, token(7));
    await window.send(event);
    await confirm(0);
    await confirm(1);
    expect(window.confirmed).toEqual(token(7));
  });

  test('lets no more on their way than it is wide', async () => {
    const { window, sent, confirm } = windowOf(2);
    await window.send(event, token(0));
    await window.send(event, token(1));
    const third = window.send(event, token(2));
    expect(await stateOf(third)).toBe('waits');
    expect(sent).toHaveLength(2);
    await confirm(1);
    expect(await stateOf(third)).toBe('waits');
    await confirm(0);
    expect(await stateOf(third)).toBe('done');
    expect(sent).toHaveLength(3);
  });

  test('never comes past an event that was not confirmed, and sends nothing after it', async () => {
    const { window, sent, confirm, fail } = windowOf(10);
    for (let place = 0; place < 3; place++) await window.send(event, token(place));
    await confirm(0);
    await fail(1);
    await confirm(2);
    expect(window.confirmed).toEqual(token(0));
    await expect(window.send(event, token(3))).rejects.toThrow('away');
    expect(() => {
      window.throwIfFailed();
    }).toThrow('away');
    await expect(window.flush()).rejects.toThrow('away');
    expect(sent).toHaveLength(3);
  });

  test('tells whoever waits for room or for the end of a failure', async () => {
    const full = windowOf(1);
    await full.window.send(event, token(0));
    const waiting = full.window.send(event, token(1));
    waiting.catch(() => undefined);
    await full.fail(0);
    expect(await stateOf(waiting)).toBe('Error: away');

    const open = windowOf(2);
    await open.window.send(event, token(0));
    const flushing = open.window.flush();
    flushing.catch(() => undefined);
    await open.fail(0, 'a text');
    expect(await stateOf(flushing)).toBe('Error: a text');
  });

  test('is flushed when all are confirmed, at once when there is nothing', async () => {
    const { window, confirm } = windowOf(10);
    expect(await stateOf(window.flush())).toBe('done');
    await window.send(event, token(0));
    await window.send(event, token(1));
    const flushed = window.flush();
    await confirm(0);
    expect(await stateOf(flushed)).toBe('waits');
    await confirm(1);
    expect(await stateOf(flushed)).toBe('done');
  });

  test('with nothing on its way takes the place of the stream, and tells that from an event', async () => {
    const { window, confirm } = windowOf(10);
    window.moveTo(token(5));
    expect([window.confirmed, window.isIdleMove]).toEqual([token(5), true]);
    await window.send(event, token(6));
    await confirm(0);
    expect([window.confirmed, window.isIdleMove]).toEqual([token(6), false]);
  });
});
