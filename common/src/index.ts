// The door of @ticketing/common: what every service needs. Broker and store have doors of their own,
// so a service loads only what it uses.
export * from './events';
export * from './http';
export { fromMinorUnits, maxPrice, toMinorUnits } from './money';
export * from './process';
