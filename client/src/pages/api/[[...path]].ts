// What the Ingress sends here under /api belongs to no service: refused in the shape that all of them use.
import type { NextApiRequest, NextApiResponse } from 'next';

export const config = { api: { bodyParser: false } };

export default function notFound(_request: NextApiRequest, response: NextApiResponse): void {
  const errors = [{ message: 'There is nothing at this address.', code: 'request.route_not_found' }];
  response.status(404).json({ errors });
}
