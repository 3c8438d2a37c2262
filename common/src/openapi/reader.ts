// The document as one page of HTML: no script, no CDN, one style that the page's policy names by its hash.
import { createHash } from 'node:crypto';
import type { DocumentedAnswer, DocumentedOperation, OpenApiDocument, Parameter } from './document-types';
import type { JsonSchema } from './schemas';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
nav ul { list-style: none; padding: 0; }
article { border-top: 1px solid #8886; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8883; }
code, pre { font: .9rem/1.4 ui-monospace, monospace; }
pre { overflow: auto; padding: .6rem; background: #8881; }
.lines { white-space: pre-line; }
`;

const hash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, run, framed or sent from the page. */
export const readerPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '');
/** Text, with what stands between backticks as code. */
const prose = (text = ''): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

export function renderReader(document: OpenApiDocument): string {
  const { info, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)}</title><style>${style}</style></head><body>
<h1>${escape(info.title)} ${escape(info.version)}</h1>
<p>${prose(info.description)}</p>
<p>The same as an OpenAPI 3.1 document: ask for this page as JSON, or for <code>docs/openapi.json</code>.</p>
<nav><ul>${operations
    .map(
      ({ method, path, operation }) =>
        `<li><a href="#${escape(operation.operationId)}"><code>${method} ${escape(path)}</code></a> ${prose(operation.summary)}</li>`,
    )
    .join('')}</ul></nav>
${operations.map((one) => renderOperation(one.method, one.path, one.operation, document)).join('\n')}
<article><h2>Shapes</h2>${Object.entries(components.schemas)
    .map(([name, schema]) => `<h3 id="schema-${escape(name)}">${escape(name)}</h3>${renderSchema(schema)}`)
    .join('')}</article>
</body></html>
`;
}

function renderOperation(
  method: string,
  path: string,
  operation: DocumentedOperation,
  { components }: OpenApiDocument,
): string {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  const isNeeded = security.length === 1;
  return `<article id="${escape(operationId)}"><h2><code>${method} ${escape(path)}</code></h2>
<p>${prose(summary)}. ${isNeeded ? 'For people who are signed in.' : ''}</p>
${description === undefined ? '' : `<p>${prose(description)}</p>`}
${parameters.length > 0 ? table(['parameter', 'in', 'what', 'shape'], parameters.map(parameterRow)) : ''}
${requestBody ? `<h3>Body</h3>${renderContent(requestBody.content)}` : ''}
<h3>Answers</h3>
${table(
  ['status', 'meaning', 'shape'],
  Object.entries(responses).map(([status, answer]) =>
    answerRow(status, '$ref' in answer ? components.responses[nameIn(answer)] : answer),
  ),
)}
</article>`;
}

const parameterRow = ({ name, in: place, required, description, schema }: Parameter): string[] => [
  `<code>${escape(name)}</code>${required ? '' : '?'}`,
  place,
  prose(description),
  renderSchema(schema),
];

const answerRow = (status: string, answer: DocumentedAnswer | undefined): string[] => [
  status,
  `<span class="lines">${prose(answer?.description)}</span>${Object.entries(answer?.headers ?? {})
    .map(([name, header]) => `<br><code>${escape(name)}</code>: ${prose(header.description)}`)
    .join('')}`,
  Number(status) >= 400 ? link('Errors') : renderContent(answer?.content ?? {}),
];

const nameIn = ({ $ref }: { $ref: string }): string => $ref.split('/').at(-1) ?? '';

const renderContent = (content: Record<string, { schema: JsonSchema }>): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `${type === 'application/json' ? '' : escape(type)}${renderSchema(schema)}`)
    .join('');

/** A link for what has a name, else the schema as it stands. */
function renderSchema(schema: JsonSchema): string {
  const { $ref, type, items } = schema;
  if (typeof $ref === 'string') return link(nameIn({ $ref }));
  const item = (items as JsonSchema | undefined)?.['$ref'];
  if (type === 'array' && typeof item === 'string') return `a list of ${link(nameIn({ $ref: item }))}`;
  return `<pre>${escape(JSON.stringify(schema, undefined, 2))}</pre>`;
}

const link = (name: string): string => `<a href="#schema-${escape(name)}">${escape(name)}</a>`;

const table = (head: string[], rows: string[][]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;
