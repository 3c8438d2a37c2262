// What a change of the document breaks for clients who rely on how it was. To add is fine; to take away or to ask more is not.
import { misfits } from './misfits.mjs';

/** @typedef {import('../../common/dist/openapi/index.js').OpenApiDocument} OpenApiDocument */
/** @typedef {Record<string, any>} Tree */

/**
 * @param {OpenApiDocument} before
 * @param {OpenApiDocument} after
 * @returns {string[]} a sentence for each broken promise
 */
export function breaks(before, after) {
  const now = operationsOf(after);
  return [...operationsOf(before)].flatMap(([name, operation]) => {
    const successor = now.get(name);
    if (!successor) return [`${name} is no longer there`];
    return [
      ...(successor.operationId === operation.operationId ? [] : [`${name} has another operationId`]),
      ...sessions(operation, successor).map((what) => `${name} ${what}`),
      ...inputs(operation, successor).map((what) => `${name}: ${what}`),
      ...outputs(operation, successor).map((what) => `${name}: ${what}`),
    ];
  });
}

/** By method and path, with every reference replaced by what it refers to. @param {OpenApiDocument} document */
function operationsOf(document) {
  /** @type {Map<string, Tree>} */
  const operations = new Map();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operations.set(`${method.toUpperCase()} ${path}`, inlined(operation, document, []));
    }
  }
  return operations;
}

/** @param {any} value @param {Tree} document @param {string[]} within @returns {any} */
function inlined(value, document, within) {
  if (Array.isArray(value)) return value.map((one) => inlined(one, document, within));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = value;
  if (typeof $ref !== 'string') {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, inlined(one, document, within)]),
    );
  }
  if (within.includes($ref))
    throw new Error(`${$ref} contains itself: teach breaks.mjs to compare such shapes`);
  let target = document;
  for (const key of $ref.slice(2).split('/')) target = target?.[key];
  if (target === undefined) throw new Error(`${$ref} refers to nothing`);
  return { ...inlined(target, document, [...within, $ref]), ...inlined(rest, document, within) };
}

/** @param {Tree} before @param {Tree} after */
const sessions = (before, after) =>
  needsSession(after) && !needsSession(before) ? ['is no longer for everybody'] : [];

/** @param {Tree} operation */
const needsSession = ({ security = [] }) =>
  security.length > 0 && security.every((/** @type {object} */ way) => Object.keys(way).length > 0);

/** Whatever was accepted must go on being accepted, and have its effect. @param {Tree} before @param {Tree} after */
function inputs(before, after) {
  /** @param {Tree} operation @returns {Map<string, Tree>} */
  const parametersOf = ({ parameters = [] }) =>
    new Map(parameters.map((/** @type {Tree} */ one) => [`${one['in']} parameter ${one['name']}`, one]));
  const [were, are] = [parametersOf(before), parametersOf(after)];
  const parameters = [...were].flatMap(([name, was]) => {
    const is = are.get(name);
    return is ? taken(was['schema'], is['schema'], name) : [`${name} is no longer there`];
  });
  const demanded = [...are].filter(([name, is]) => is['required'] && !were.get(name)?.['required']);
  const [was, is] = [before, after].map((one) => one['requestBody']?.content?.['application/json']?.schema);
  const bodies = was && is ? taken(was, is, 'body') : was ? ['its body is no longer read'] : [];
  return [
    ...parameters,
    ...demanded.map(([name]) => `${name} is asked for`),
    ...bodies,
    ...(is && !was ? ['a body is asked for'] : []),
  ];
}

/** @param {Tree} was @param {Tree} is @param {string} where */
const taken = (was, is, where) => [...misfits(was, is, where), ...lost(was, is, where)];

/** Whatever is answered must be something that clients know. @param {Tree} before @param {Tree} after */
function outputs(before, after) {
  return Object.entries(before['responses']).flatMap(([status, was]) => {
    const is = after['responses'][status];
    if (!is) return [`${status} is no longer answered`];
    if (Number(status) >= 400) {
      const codes = codesOf(is);
      return codesOf(was).flatMap((code) =>
        codes.includes(code) ? [] : [`${status} ${code} is no longer answered`],
      );
    }
    const headers = Object.keys(was.headers ?? {}).filter((name) => !(name in (is.headers ?? {})));
    return [
      ...headers.map((name) => `${status} has no header ${name} any more`),
      ...Object.entries(was.content ?? {}).flatMap(([type, { schema }]) => {
        const now = is.content?.[type]?.schema;
        if (!now) return [`${status} is no longer ${type}`];
        return [...misfits(now, schema, String(status)), ...lost(schema, now, String(status))];
      }),
      ...(was.content || !is.content ? [] : [`${status} has a body`]),
    ];
  });
}

/** @param {any} tree @returns {string[]} the codes that a refusal may carry, wherever they stand */
function codesOf(tree) {
  if (typeof tree !== 'object' || tree === null) return [];
  const own = Array.isArray(tree.code?.enum) ? tree.code.enum : [];
  return [...own, ...Object.values(tree).flatMap(codesOf)];
}

/** Fields that were there and are not any more. @param {Tree} was @param {Tree} is @param {string} where @returns {string[]} */
function lost(was, is, where) {
  const fields = Object.entries(was['properties'] ?? {}).flatMap(([name, field]) => {
    const now = is['properties']?.[name];
    return now ? lost(field, now, `${where}.${name}`) : [`${where}.${name} is no longer there`];
  });
  return was['items'] && is['items'] ? [...fields, ...lost(was['items'], is['items'], `${where}[]`)] : fields;
}
