// `status` for a person's eyes.

/**
 * @param {{ url: string, parts: import('../supervisor/supervisor.mjs').PartStatus[] }} status
 * @returns {string}
 */
export function statusTable({ url, parts }) {
  const replicas = (/** @type {string} */ name) => parts.filter((part) => part.name === name).length;
  const rows = parts.map((part) => [
    replicas(part.name) > 1 ? `${part.name}/${part.replica}` : part.name,
    part.state,
    part.pid === null ? '-' : String(part.pid),
    String(part.restarts),
    part.memoryBytes === null ? '-' : `${Math.round(part.memoryBytes / 1024 / 1024)} MiB`,
    part.url,
  ]);
  const table = [['part', 'state', 'pid', 'restarts', 'memory', 'address'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${url}\n\n${lines.join('\n')}\n`;
}
