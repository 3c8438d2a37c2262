// A load of its own process: so many connections, each sending its next request when the last was answered.
// `node load.mjs` reads one JSON job from standard input and prints one JSON result.
import http from 'node:http';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ method: string, path: string, body?: string, cookie?: string, expect: number }} RequestToSend
 * @typedef {{ url: string, connections: number, seconds?: number, requests: RequestToSend[] }} Job
 *   `requests` are sent round and round for `seconds`, or once each where there are no seconds.
 * @typedef {{ count: number, wrong: number, seconds: number, ms: { p50: number, p99: number, max: number } }} Result
 */

/** @param {number[]} sorted @param {number} share */
export const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/**
 * @param {Job} job
 * @returns {Promise<Result>}
 */
export async function sendLoad({ url, connections, seconds, requests }) {
  const { hostname, port } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  /** @type {number[]} */
  const times = [];
  let wrong = 0;
  let next = 0;
  const start = performance.now();
  const end = seconds === undefined ? Infinity : start + seconds * 1000;

  /** @param {RequestToSend} request @returns {Promise<void>} */
  const send = ({ method, path, body, cookie, expect }) =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      /** @type {http.OutgoingHttpHeaders} */
      const headers = {};
      if (cookie) headers.cookie = cookie;
      if (body !== undefined) {
        headers['content-type'] = 'application/json';
        headers['content-length'] = Buffer.byteLength(body);
      }
      const sent = http.request(
        { hostname, port, agent, method, path, headers, timeout: 60_000 },
        (response) => {
          response.resume();
          response.on('end', () => {
            times.push(performance.now() - began);
            if (response.statusCode !== expect) wrong++;
            resolve();
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} was not answered in a minute`)));
      sent.on('error', reject);
      sent.end(body);
    });

  const connection = async () => {
    while (performance.now() < end) {
      const request = seconds === undefined ? requests[next++] : requests[next++ % requests.length];
      if (!request) return;
      await send(request);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const ms = { p50: percentile(times, 0.5), p99: percentile(times, 0.99), max: times.at(-1) ?? NaN };
  return { count: times.length, wrong, seconds: elapsed, ms };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let input = '';
  for await (const chunk of process.stdin) input += String(chunk);
  process.stdout.write(JSON.stringify(await sendLoad(JSON.parse(input))));
}
