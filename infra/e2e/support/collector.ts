// An OpenTelemetry collector, as far as a test needs one: takes OTLP over HTTP as JSON and keeps the spans.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** 2 server, 4 producer, 5 consumer. */
  kind: number;
  attributes: Record<string, string | number>;
  isError: boolean;
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number | string };
}
interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Omit<ReceivedSpan, 'attributes' | 'parentSpanId'> & {
        attributes: Attribute[];
        parentSpanId?: string;
        status?: { code?: number };
      })[];
    }[];
  }[];
}

export class Collector {
  readonly spans: ReceivedSpan[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        if (request.url === '/v1/traces') collector.take(JSON.parse(body) as Sent);
        response
          .writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' })
          .end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  ofTrace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private take({ resourceSpans }: Sent): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(attributesOf(resource.attributes)['service.name']);
      for (const { name, traceId, spanId, parentSpanId = '', kind, attributes, status } of scopeSpans.flatMap(
        ({ spans }) => spans,
      )) {
        this.spans.push({
          ...{ service, name, traceId, spanId, parentSpanId, kind },
          attributes: attributesOf(attributes),
          isError: status?.code === 2,
        });
      }
    }
  }
}

const attributesOf = (attributes: Attribute[]): Record<string, string | number> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));
