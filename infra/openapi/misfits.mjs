// Whether every value that one JSON Schema allows is allowed by another: as far as our documents use JSON Schema.

/** @typedef {Record<string, any>} Schema without references */

const least = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const most = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
const exact = ['pattern', 'format', 'multipleOf'];

/**
 * @param {Schema} sub
 * @param {Schema} sup
 * @param {string} where what they describe, for the sentences
 * @returns {string[]} why some value of `sub` may be none of `sup`; empty when all of them are
 */
export function misfits(sub, sup, where) {
  if (sub['anyOf'] || sup['anyOf']) {
    const allowed = alternatives(sup);
    return alternatives(sub).flatMap((one) => {
      const tries = allowed.map((other) => misfits(one, other, where));
      if (tries.some((problems) => problems.length === 0)) return [];
      return tries.length === 1 ? (tries[0] ?? []) : [`${where}: ${JSON.stringify(one)} is not allowed`];
    });
  }
  const types = typesOf(sup);
  const others = typesOf(sub).filter(
    (type) => !types.includes(type) && !(type === 'integer' && types.includes('number')),
  );
  if (types.length > 0 && (others.length > 0 || typesOf(sub).length === 0)) {
    return [`${where} is ${others.join(' or ') || 'anything'} instead of ${types.join(' or ')}`];
  }
  return [...words(sub, sup, where), ...bounds(sub, sup, where), ...inside(sub, sup, where)];
}

/** @param {Schema} schema @returns {Schema[]} */
const alternatives = (schema) => schema['anyOf'] ?? [schema];

/** @param {Schema} schema @returns {string[]} */
const typesOf = ({ type }) => (type === undefined ? [] : [type].flat());

/** @param {Schema} schema @returns {unknown[] | undefined} */
const wordsOf = (schema) => ('const' in schema ? [schema['const']] : schema['enum']);

/** @param {Schema} sub @param {Schema} sup @param {string} where */
function words(sub, sup, where) {
  const allowed = wordsOf(sup);
  if (!allowed) return [];
  const given = wordsOf(sub);
  if (!given) return [`${where} is anything instead of ${allowed.join(', ')}`];
  return given.filter((word) => !allowed.includes(word)).map((word) => `${where} may not be ${String(word)}`);
}

/** @param {Schema} sub @param {Schema} sup @param {string} where */
function bounds(sub, sup, where) {
  /** @param {string[]} keys @param {(given: number, allowed: number) => boolean} holds */
  const broken = (keys, holds) =>
    keys.filter((key) => key in sup && !(key in sub && holds(sub[key], sup[key])));
  return [
    ...broken(least, (given, allowed) => given >= allowed),
    ...broken(most, (given, allowed) => given <= allowed),
    ...broken(exact, (given, allowed) => given === allowed),
  ].map((key) => `${where}: ${key} is ${sub[key] ?? 'none'} against ${sup[key]}`);
}

/** @param {Schema} sub @param {Schema} sup @param {string} where @returns {string[]} */
function inside(sub, sup, where) {
  const { required = [], properties = {}, items } = sup;
  const missing = required.filter((/** @type {string} */ name) => !sub['required']?.includes(name));
  return [
    ...missing.map((/** @type {string} */ name) => `${where}.${name} may be missing`),
    ...Object.entries(properties).flatMap(([name, field]) => {
      const own = sub['properties']?.[name];
      return own ? misfits(own, /** @type {Schema} */ (field), `${where}.${name}`) : [];
    }),
    ...(items && sub['items'] ? misfits(sub['items'], items, `${where}[]`) : []),
  ];
}
