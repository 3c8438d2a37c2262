export * from './contract';
export * from './expiration-events';
export * from './order-events';
export * from './payment-events';
export * from './session-events';
export * from './spans';
export * from './status';
export * from './ticket-events';
