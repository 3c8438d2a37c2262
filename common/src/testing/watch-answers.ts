// Lets every test of a service's HTTP prove its document, too: what is answered is held against it on the way out.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { Api } from '../openapi';
import { AnswerChecker, type Exchange } from './answer-checker';

export interface Watch {
  /** Answers as the app does. */
  readonly listener: RequestListener;
  /** What was answered otherwise than documented, until now. */
  readonly problems: string[];
}

/** @param app a service's; one without an API is not watched */
export function watchAnswers(app: RequestListener): Watch {
  const api = apiOf(app);
  const problems: string[] = [];
  if (!api) return { listener: app, problems };
  const checker = new AnswerChecker([api]);
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { url = '', method = '' } = request;
    const isOurs = url.startsWith(api.path) && !url.startsWith(`${api.path}/docs`) && method !== 'OPTIONS';
    if (isOurs) onAnswer(request, response, (exchange) => checker.problemWith(exchange), problems);
    app(request, response);
  };
  return { listener, problems };
}

export const apiOf = (app: RequestListener): Api | undefined =>
  (app as Express).locals['api'] as Api | undefined;

/** Before it is sent: whoever has the answer can be sure that it has been checked. */
function onAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  check: (exchange: Exchange) => string | undefined,
  problems: string[],
): void {
  const { url = '', method = '', headers } = request;
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in headers;
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream');
    if (!isStream && (typeof chunk === 'string' || chunk instanceof Uint8Array))
      chunks.push(Buffer.from(chunk));
  };
  const write: ServerResponse['write'] = response.write.bind(response);
  const end: ServerResponse['end'] = response.end.bind(response);
  response.write = ((...args: Parameters<typeof write>) => {
    keep(args[0]);
    return write(...args);
  }) as typeof write;
  response.end = ((...args: Parameters<typeof end>) => {
    keep(args[0]);
    const problem = check({
      ...{ method, url, hasBody, status: response.statusCode },
      contentType: response.getHeader('content-type')?.toString(),
      text: Buffer.concat(chunks).toString(),
    });
    if (problem !== undefined) problems.push(problem);
    return end(...args);
  }) as typeof end;
}
