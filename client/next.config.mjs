import { join } from 'node:path';
import { headers } from './src/server/security-headers.mjs';

// What reloads a page under a developer's hands is inline, and evaluated.
const isDevelopment = process.env.NODE_ENV === 'development';
const pairs = Object.entries(headers).map(([key, value]) => ({ key, value }));

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: join(import.meta.dirname, '..'),
  reactStrictMode: true,
  poweredByHeader: false,
  // Every page is the truth of one moment, so there is nothing to revalidate.
  generateEtags: false,
  images: { unoptimized: true },
  // `npm run check` does, for the whole repository.
  typescript: { ignoreBuildErrors: true },
  headers: () => Promise.resolve(isDevelopment ? [] : [{ source: '/:path*', headers: pairs }]),
  // It keeps nothing and needs nothing to answer: alive is ready.
  rewrites: () =>
    Promise.resolve(['/healthz', '/readyz'].map((source) => ({ source, destination: '/api/healthz' }))),
};
