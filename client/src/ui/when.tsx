// A moment in the reader's own time zone, which only the browser knows: the server writes UTC and says so.
import { useSyncExternalStore } from 'react';
import { useShell } from './shell';

const styles = {
  time: { timeStyle: 'medium' },
  day: { dateStyle: 'medium', timeStyle: 'short' },
} as const;

const never = () => () => undefined;

export function When({ at, as = 'day' }: { at: string; as?: keyof typeof styles }) {
  const { locale } = useShell();
  const write = (timeZone?: string): string =>
    new Intl.DateTimeFormat(locale, { ...styles[as], ...(timeZone && { timeZone }) }).format(new Date(at));
  const text = useSyncExternalStore(never, write, () => `${write('UTC')} UTC`);
  return (
    <time dateTime={at} suppressHydrationWarning>
      {text}
    </time>
  );
}
