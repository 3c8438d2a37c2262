// `expand[]`: puts whole objects where an answer has identifiers. https://docs.stripe.com/api/expanding_objects
import { invalidParam } from './errors';
import type { Changes, TableName } from './store';

const tableOf: Readonly<Record<string, TableName>> = {
  charge: 'charges',
  latest_charge: 'charges',
  payment_intent: 'payment_intents',
  payment_method: 'payment_methods',
};

type Answer = Record<string, unknown>;

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null;

export function expand(answer: object, paths: readonly string[], changes: Changes): object {
  return paths.reduce<object>(
    (expanded, path) => expandPath({ ...expanded }, path.split('.'), path, changes),
    answer,
  );
}

function expandPath(answer: Answer, steps: readonly string[], path: string, changes: Changes): Answer {
  const [step = '', ...rest] = steps;
  const value = answer[step];
  const table = tableOf[step];
  if (Array.isArray(value) && step === 'data') {
    return { ...answer, data: value.map((row) => expandPath(row as Answer, rest, path, changes)) };
  }
  if (table === undefined || value === undefined) {
    throw invalidParam('expand', `This property cannot be expanded (${path}).`);
  }
  const object: unknown = typeof value === 'string' ? changes.get(table, value) : value;
  if (!isAnswer(object)) return answer;
  return { ...answer, [step]: rest.length === 0 ? object : expandPath(object, rest, path, changes) };
}
