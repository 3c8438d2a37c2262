// What was measured, kept for docs/kubernetes.md: one line each, printed at the end by run.mjs.
import { appendFileSync } from 'node:fs';

export function tell(what: string, figures: Record<string, string | number | object | undefined>): void {
  const file = process.env['FIGURES_FILE'];
  const line = `${what}: ${Object.entries(figures)
    .map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : (value ?? 'none')}`,
    )
    .join(', ')}`;
  if (file === undefined) console.log(line);
  else appendFileSync(file, `${line}\n`);
}
