// Lets every answer of every story prove the documents, too: what is answered to a person is what they tell.
import { AnswerChecker, type Exchange } from '@ticketing/common/testing';
import apis from '../../openapi/apis.cjs';

export const documents = apis();
const checker = new AnswerChecker(documents);
const problems: string[] = [];

/** What has been answered as documented so far: `seeTicket 404 tickets.not_found`. */
export const seen: ReadonlySet<string> = checker.seen;

/** Notes an answer that the documents do not tell of. What the gateway says itself is told in the README. */
export function note(exchange: Exchange): void {
  if (!exchange.url.startsWith('/api/') || exchange.text.includes('"code":"gateway.')) return;
  const problem = checker.problemWith(exchange);
  if (problem !== undefined) problems.push(problem);
}

/** Takes the problems found since the last time. */
export const takeProblems = (): string[] => problems.splice(0);
