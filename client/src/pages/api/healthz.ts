import type { NextApiRequest, NextApiResponse } from 'next';

export default function healthz(_request: NextApiRequest, response: NextApiResponse): void {
  response.json({ status: 'ok' });
}
