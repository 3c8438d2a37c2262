// What the gateway answers itself, in the shape that every service uses.

const refusals = {
  not_found: { status: 404, code: 'gateway.not_found', message: 'There is nothing at this address.' },
  unavailable: {
    status: 503,
    code: 'gateway.unavailable',
    message: 'This part is not available right now. Try again soon.',
  },
  bad_gateway: {
    status: 502,
    code: 'gateway.bad_gateway',
    message: 'The answer was cut off. It is unknown whether the request took effect.',
  },
  timeout: {
    status: 504,
    code: 'gateway.timeout',
    message: 'The answer took too long. It is unknown whether the request took effect.',
  },
};

/** @typedef {keyof typeof refusals} Refusal */

/**
 * @param {import('node:http').IncomingMessage} req
 * @param {import('node:http').ServerResponse} res
 * @param {Refusal} refusal
 */
export function refuse(req, res, refusal) {
  const { status, code, message } = refusals[refusal];
  const body = JSON.stringify({ errors: [{ message, code }] });
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 503 && { 'retry-after': '1' }),
    // A body that nobody reads would be taken for the next request.
    ...(req.complete ? {} : { connection: 'close' }),
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}
