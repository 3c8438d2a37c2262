// What the code says of itself: its error codes, environment and events, for the documents' tables to be compared with.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const root = '../..';
export const services = /** @type {const} */ (['auth', 'tickets', 'orders', 'payments', 'expiration']);
const refusalFiles = [
  'common/dist/index.js',
  'auth/dist/users/refusals.js',
  'tickets/dist/tickets/refusals.js',
  'orders/dist/orders/refusals.js',
  'payments/dist/payments/refusals.js',
];

/** Every refusal's row: code, HTTP status, sentence. @returns {string[]} */
export function errorRows() {
  const classes = refusalFiles.flatMap((file) => Object.values(require(`${root}/${file}`)));
  const refusals = classes.filter((value) => typeof value === 'function' && typeof value.code === 'string');
  return [
    ...new Set(refusals.map(({ code, status, message }) => `| \`${code}\` | ${status} | ${message} |`)),
  ];
}

/** A service's environment: variable, default or `required`, meaning. @param {string} service @returns {string[]} */
export function environmentRows(service) {
  const { environment } = require(`${root}/${service}/dist/config.js`);
  return Object.entries(environment).map(([name, schema]) => {
    const given = schema.safeParse(undefined);
    const fixed = given.success && typeof given.data !== 'undefined' && name !== 'INSTANCE_ID';
    const fallback = !given.success ? 'required' : fixed ? `\`${given.data}\`` : '';
    return `| \`${name}\` | ${fallback} | ${schema.description} |`;
  });
}

/** Every event's name, as the contracts have it. @returns {string[]} */
export function eventNames() {
  const contracts = Object.values(require(`${root}/common/dist/events/index.js`));
  return contracts
    .filter((value) => typeof value === 'object' && value !== null && 'type' in value && 'schema' in value)
    .map(({ type }) => type);
}
