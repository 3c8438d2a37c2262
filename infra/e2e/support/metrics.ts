// What the services say of themselves at /metrics.
import { services, type System } from './system';

export interface Sample {
  service: string;
  name: string;
  labels: string;
  value: number;
}

export async function readMetrics(system: System): Promise<Sample[]> {
  const texts = services.map(async (service) => {
    const response = await fetch(`${system.address(service)}/metrics`, {
      signal: AbortSignal.timeout(10_000),
    });
    return (await response.text()).split('\n').flatMap((line) => {
      // A metric with labels has no sample until the first; that there is such a metric, its type says.
      const type = /^# TYPE (\S+)/.exec(line)?.[1];
      if (type !== undefined) return [{ service, name: type, labels: '', value: 0 }];
      const [, name = '', labels = '', value] = /^([a-z0-9_:]+)(\{.*\})? (\S+)$/.exec(line) ?? [];
      return value === undefined ? [] : [{ service, name, labels, value: Number(value) }];
    });
  });
  return (await Promise.all(texts)).flat();
}

/** The sum of what a service (or all) says of one metric, where the labels contain the text. */
export const sumOf = (samples: readonly Sample[], name: string, service?: string, labels = ''): number =>
  samples
    .filter(
      (each) =>
        each.name === name && (service ?? each.service) === each.service && each.labels.includes(labels),
    )
    .reduce((sum, { value }) => sum + value, 0);

/** Metrics that are our own, without those of Node's process; a histogram by its own name. */
export const ownNames = (samples: readonly Sample[]): string[] => [
  ...new Set(
    samples
      .map(({ name }) => name.replace(/_(bucket|sum|count)$/, ''))
      .filter((name) => !/^(process|nodejs)_/.test(name)),
  ),
];
