// The limits of a service by its environment.
import type { Service } from '../process/service';
import { noLimits, RateLimits, type Limits } from './rate-limits';

/** Adds the limits to the service's parts; none where they are switched off. */
export function addLimits(
  service: Service,
  config: { REDIS_URL: string; RATE_LIMITS: 'on' | 'off' },
): Limits {
  if (config.RATE_LIMITS === 'off') return noLimits;
  const { name, logger, metrics } = service;
  const limits = new RateLimits({ url: config.REDIS_URL, service: name, logger, metrics });
  service.use(limits);
  return limits;
}
