// Lets plain node run the TypeScript of this workspace, as jest does: node -C development -r run-typescript.cjs main.ts
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('@swc/core');

/** @typedef {{ _compile(code: string, filename: string): void }} Compiling */

/** @type {Record<string, (module: Compiling, filename: string) => void>} */
const extensions = /** @type {any} */ (Module)._extensions;

extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    configFile: false,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};
