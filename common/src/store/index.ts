export { aggregate, Aggregates, type AggregateState, type Change } from './aggregate';
export { Database, isDuplicateKey } from './database';
export { defineModel } from './model';
export { MongoSetAside } from './mongo-set-aside';
export { Relay, type Publisher, type RelayOptions } from './relay';
export { Replicas, type Announced, type ReplicaState } from './replica';
