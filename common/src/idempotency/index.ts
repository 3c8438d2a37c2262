export { IdempotencyKeys, type KeptAnswer } from './idempotency-keys';
export { idempotently, type Answer, type IdempotentlyOptions, type Once } from './idempotently';
