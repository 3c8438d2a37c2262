import { join } from 'node:path';

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
  // It keeps nothing and needs nothing to answer: alive is ready.
  rewrites: () =>
    Promise.resolve(['/healthz', '/readyz'].map((source) => ({ source, destination: '/api/healthz' }))),
};
