export { addressOf } from './address';
export { addLimits } from './limits-of';
export { noLimits, RateLimits, type Limit, type Limits, type Rate } from './rate-limits';
