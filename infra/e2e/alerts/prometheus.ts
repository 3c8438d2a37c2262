// The running system's Prometheus, asked which alerts fire.
import { eventually } from '../support/eventually';
import type { System } from '../support/system';

interface Alert {
  labels: { alertname: string };
  state: 'pending' | 'firing';
}

export async function firing(system: System): Promise<string[]> {
  const response = await fetch(`${system.address('prometheus')}/api/v1/alerts`, {
    signal: AbortSignal.timeout(5000),
  });
  const { data } = (await response.json()) as { data: { alerts: Alert[] } };
  return [
    ...new Set(data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)),
  ].sort();
}

/** Waits until an alert fires, or no longer does. @returns how long that took, in seconds */
export async function untilAlert(
  system: System,
  name: string,
  fires: boolean,
  withinMs: number,
): Promise<number> {
  const began = Date.now();
  await eventually(
    async () => {
      const now = await firing(system);
      if (now.includes(name) !== fires)
        throw new Error(
          `${name} ${fires ? 'does not fire' : 'fires still'}; firing: ${now.join(', ') || 'none'}`,
        );
    },
    { withinMs, everyMs: 200 },
  );
  return Math.round((Date.now() - began) / 100) / 10;
}
