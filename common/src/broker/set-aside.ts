// What a listener could not handle is set aside with its reason, so that it blocks nothing and is not lost.
import type { Command } from '../process/service';

/** A message that was set aside. */
export interface SetAsideMessage {
  /** Channel and place in it: `order:created/17`. */
  id: string;
  channel: string;
  /** The message as it came. */
  data: string;
  reason: string;
  attempts: number;
  setAsideAt: Date;
}

/** Where a service keeps them: in its own store, so that it outlives the process. */
export interface SetAside {
  /** Adding the same message again changes nothing. */
  add(message: SetAsideMessage): Promise<void>;
  /** Oldest first. */
  list(limit: number): Promise<SetAsideMessage[]>;
  find(id: string): Promise<SetAsideMessage | undefined>;
  remove(id: string): Promise<void>;
  count(): Promise<number>;
}

const pageSize = 1000;

/**
 * The command `set-aside list | replay [id…] | forget id…`: shows what was set aside, hands it to its listener again and
 * forgets what is handled now, or forgets what never can be.
 *
 * @param replay hands one message to its listener; throws what the listener throws
 */
export function setAsideCommand(
  setAside: SetAside,
  replay: (message: SetAsideMessage) => Promise<void>,
  needs: string[],
): Command {
  const usage = 'set-aside list | set-aside replay [id…] | set-aside forget id…';
  return {
    usage,
    needs,
    async run([action, ...ids]) {
      if (action === 'list' && ids.length === 0) {
        const messages = await setAside.list(pageSize);
        const lines = messages.map(
          ({ id, setAsideAt, attempts, reason, data }) =>
            `${id}\t${setAsideAt.toISOString()}\tattempts ${attempts}\t${JSON.stringify(reason)}\n\t${data}`,
        );
        return [...lines, `${await setAside.count()} set aside`].join('\n');
      }
      const isForgetting = action === 'forget' && ids.length > 0;
      if (action !== 'replay' && !isForgetting) throw new Error(`Usage: ${usage}`);
      const chosen =
        ids.length > 0
          ? await Promise.all(ids.map((id) => setAside.find(id)))
          : await setAside.list(pageSize);
      const lines: string[] = [];
      for (const [index, message] of chosen.entries()) {
        if (!message) {
          lines.push(`${ids[index] ?? ''}\tis not set aside`);
          continue;
        }
        try {
          if (!isForgetting) await replay(message);
          await setAside.remove(message.id);
          lines.push(`${message.id}\t${isForgetting ? 'forgotten' : 'handled'}`);
        } catch (error) {
          lines.push(
            `${message.id}\tfailed again: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
      return [...lines, `${await setAside.count()} set aside`].join('\n');
    },
  };
}
