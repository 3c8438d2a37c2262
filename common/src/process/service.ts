// The life of one service: parts start in order, and stop in the opposite order with a deadline.
import { createServer, type RequestListener, type Server } from 'node:http';
import { answerUnreadable } from '../http/unreadable';
import { Health } from './health';
import { createLogger, type Logger } from './logger';
import { Metrics } from './metrics';
import { pause } from './pause';
import { Tracing } from './tracing';

const keepAliveMs = 100_000;

/** Something that is started with the service and stopped with it: database, broker, relay, listeners. */
export interface Part {
  readonly name: string;
  start(): Promise<void>;
  /** Lets what is under way finish; must end by itself. */
  stop(): Promise<void>;
}

/** A command of the service beside serving: `node dist/main.js <command> [argument…]`. */
export interface Command {
  readonly usage: string;
  run(args: string[]): Promise<string>;
  /** Which parts it needs started, by name. */
  readonly needs: string[];
}

export interface ServiceOptions {
  name: string;
  config: {
    PORT: number;
    HOST: string;
    INSTANCE_ID: string;
    LOG_LEVEL: string;
    OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  };
  /** How long open requests may take to finish once stopping has begun. */
  drainSeconds?: number;
}

/** One service: what all its parts share, and the order in which they live. */
export class Service {
  readonly name: string;
  readonly instance: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly health = new Health();
  readonly commands = new Map<string, Command>();
  private readonly parts: Part[] = [];
  private readonly started: Part[] = [];
  private readonly farewells: (() => void)[] = [];
  private server: Server | undefined;
  private listener: RequestListener | undefined;

  constructor(private readonly options: ServiceOptions) {
    const { INSTANCE_ID, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT } = options.config;
    this.name = options.name;
    this.instance = INSTANCE_ID;
    this.logger = createLogger(options.name, INSTANCE_ID, LOG_LEVEL);
    this.metrics = new Metrics(options.name);
    this.metrics.gauge(
      'dependency_up',
      'Whether a server that the service uses answers it',
      ['name'],
      (gauge) => {
        for (const [name, { isUp }] of Object.entries(this.health.report().checks))
          gauge.set({ name }, isUp ? 1 : 0);
      },
    );
    this.tracing = new Tracing(
      { name: this.name, instance: this.instance },
      OTEL_EXPORTER_OTLP_ENDPOINT,
      this.logger,
    );
    // Started first and stopped last, so that no span is missed.
    if (this.tracing.isOn) this.use(this.tracing);
  }

  /** Adds parts; they start in the order of adding. */
  use(...parts: Part[]): this {
    this.parts.push(...parts);
    return this;
  }

  /** What to do first when stopping begins: to end answers that would never end by themselves, say. */
  whenStopping(farewell: () => void): this {
    this.farewells.push(farewell);
    return this;
  }

  /** Sets what answers HTTP: it is opened last and closed first. */
  serve(app: RequestListener): this {
    this.listener = app;
    return this;
  }

  /** Starts the named parts only (for a command), or all of them and HTTP. A failed start stops what had started. */
  async start(only?: string[]): Promise<void> {
    try {
      for (const part of this.parts) {
        if (only && !only.includes(part.name)) continue;
        this.started.push(part);
        await part.start();
      }
      if (this.listener && !only) await this.listen(this.listener);
      this.health.setServing(true);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** What answers HTTP, for tests that need no port. */
  get app(): RequestListener {
    if (!this.listener) throw new Error('The service answers no HTTP.');
    return this.listener;
  }

  /** The port that HTTP is answered on (the one chosen, where PORT is 0). */
  get port(): number {
    const address = this.server?.address();
    if (!address || typeof address === 'string') throw new Error('The service does not listen.');
    return address.port;
  }

  /** Readiness off, farewells, HTTP drained, then the parts, last started first. */
  async stop(): Promise<void> {
    this.health.setServing(false);
    for (const farewell of this.farewells) farewell();
    await this.drain();
    for (let part = this.started.pop(); part; part = this.started.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.logger.error({ err: error, part: part.name }, 'stopping a part failed');
      }
    }
  }

  private async listen(app: RequestListener): Promise<void> {
    const { PORT, HOST } = this.options.config;
    const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 60_000 }, app);
    server.on('clientError', answerUnreadable);
    // Longer than any ingress keeps a connection that rests (nginx 60 s, Traefik 90 s): whoever closes first must be
    // the one who sends, or a request may meet a connection that is being closed.
    server.keepAliveTimeout = keepAliveMs;
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(PORT, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.logger.info({ port: this.port }, 'listening');
  }

  private async drain(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    const deadline = new AbortController();
    const expired = pause((this.options.drainSeconds ?? 10) * 1000, deadline.signal);
    // A connection that is kept alive is idle only once its last answer is out: look again until none is left.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, 50);
    await Promise.race([closed, expired]);
    clearInterval(sweep);
    deadline.abort();
    server.closeAllConnections();
  }
}
