// The programs that check manifests without a cluster: compiled by Go from pinned releases, and kept in the cache.
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cached } from '../../local/servers/cache.mjs';
import { downloadFromGo, installFromGo } from '../../local/servers/go.mjs';
import { unpackFromWheel } from '../../local/servers/wheel.mjs';

/** @typedef {import('../../local/servers/go.mjs').PinnedModule} PinnedModule */

export const kubernetesVersion = '1.36.0';

/** @type {Record<string, PinnedModule>} */
const modules = {
  kustomize: {
    path: 'sigs.k8s.io/kustomize/kustomize/v5',
    version: 'v5.8.2',
    sum: 'h1:sSNeWwgkdSMGCIavtY63JQMgBJkGv3IwOltWVZy+LFQ=',
  },
  kubeconform: {
    path: 'github.com/yannh/kubeconform',
    program: '/cmd/kubeconform',
    version: 'v0.8.0',
    sum: 'h1:loDYd3a3spjIFrauqW67CDKF55Oo9R6uvC8AvpVd4ug=',
  },
  'kube-score': {
    path: 'github.com/zegl/kube-score',
    program: '/cmd/kube-score',
    version: 'v1.20.0',
    sum: 'h1:J1VqK86SunV4Gg8emPTmwUVxe0rmXnAs5K9ZUbGMKR8=',
  },
  actionlint: {
    path: 'github.com/rhysd/actionlint',
    program: '/cmd/actionlint',
    version: 'v1.7.12',
    sum: 'h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY=',
  },
};

/** @type {PinnedModule} */
const gatewayApi = {
  path: 'sigs.k8s.io/gateway-api',
  version: 'v1.4.0',
  sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
};

/** @type {import('../../local/servers/wheel.mjs').PinnedWheel} */
const schemasWheel = {
  requirement: 'kubernetes-validate==1.37.0',
  pipArgs: [],
  sha256: '85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9',
  member: `kubernetes_validate/kubernetes-json-schema/v${kubernetesVersion}-local-strict`,
  program: 'schemas',
};

/**
 * @param {'kustomize' | 'kubeconform' | 'kube-score' | 'actionlint'} name
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} where the program is
 */
export function ensureTool(name, signal) {
  const module = /** @type {PinnedModule} */ (modules[name]);
  return cached(`${name}-${module.version}`, name, (folder) => installFromGo(module, folder, { signal }));
}

/**
 * A folder with a JSON schema for each kind, Kubernetes' own and the Gateway API's.
 * @param {AbortSignal} [signal]
 */
export function ensureSchemas(signal) {
  return cached(`kubernetes-schemas-${kubernetesVersion}`, schemasWheel.program, async (folder) => {
    await unpackFromWheel(schemasWheel, folder, signal);
    const schemas = join(folder, schemasWheel.program);
    for (const file of await readdir(schemas)) await makeLocal(join(schemas, file));
    const definitions = await downloadFromGo(gatewayApi, folder, { signal });
    await addGatewayApi(join(definitions, 'config/crd/standard'), schemas);
    await rm(join(folder, 'go.mod'), { force: true });
  });
}

/** They refer to each other by a web address; here they lie beside each other. @param {string} file */
async function makeLocal(file) {
  const text = await readFile(file, 'utf8');
  const schema = JSON.parse(text.replaceAll('"/api/_definitions.json#', '"_definitions.json#'));
  delete schema.$id;
  await writeFile(file, JSON.stringify(schema));
}

/** @param {string} definitions @param {string} schemas */
async function addGatewayApi(definitions, schemas) {
  for (const file of await readdir(definitions)) {
    const definition = parse(await readFile(join(definitions, file), 'utf8'));
    if (definition?.kind !== 'CustomResourceDefinition') continue;
    const { group, names, versions } = definition.spec;
    for (const { name, schema } of versions) {
      const target = `${names.kind.toLowerCase()}-${group.split('.')[0]}-${name}.json`;
      await writeFile(join(schemas, target), JSON.stringify(closed(schema.openAPIV3Schema, true)));
    }
  }
}

/**
 * A definition's schema lets unknown fields pass (the API server then drops them); a typing error should be told.
 * @param {any} schema
 * @param {boolean} [isRoot]
 * @returns {any}
 */
function closed(schema, isRoot = false) {
  if (Array.isArray(schema)) return schema.map((each) => closed(each));
  if (schema === null || typeof schema !== 'object') return schema;
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(items && { items: closed(items) }),
    ...(additionalProperties && { additionalProperties: closed(additionalProperties) }),
    ...(properties && {
      additionalProperties: false,
      properties: {
        ...Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, closed(each)])),
        ...(isRoot && { metadata: { type: 'object' } }),
      },
    }),
  };
}
