export {
  brokerEnv,
  ConfigError,
  env,
  isPlaceholder,
  limitsEnv,
  mongoEnv,
  readConfig,
  serviceEnv,
  sessionEnv,
} from './config';
export { Health, type HealthReport } from './health';
export { createLogger, type Logger } from './logger';
export { Metrics } from './metrics';
export { run } from './run';
export { Service, type Command, type Part, type ServiceOptions } from './service';
export { inBatches } from './in-batches';
export { pause } from './pause';
export { Repeat } from './repeat';
export { Tracing, type Span } from './tracing';
export { isUnavailable, Unavailable } from './unavailable';
export { sharesReads } from './share-reads';
