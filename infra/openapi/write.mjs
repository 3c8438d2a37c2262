// `npm run openapi`: writes docs/openapi.yaml from what is built. With --release, what it says is promised to clients.
import { writeFileSync } from 'node:fs';
import { root } from '../local/bootstrap/home.mjs';
import { buildAll } from '../local/bootstrap/packages.mjs';
import { report } from '../local/failure.mjs';

try {
  await buildAll(root, { log: (line) => process.stdout.write(`${line}\n`) });
  const { documentFile, inYaml, releasedFile, wholeDocument } = await import('./document.mjs');
  const text = await inYaml(wholeDocument());
  writeFileSync(documentFile, text);
  if (process.argv.includes('--release')) writeFileSync(releasedFile, text);
} catch (error) {
  process.exitCode = report(error);
}
