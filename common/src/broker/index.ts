export { Listeners, on, type Listener, type ListenersOptions } from './listeners';
export { NatsStreaming, type NatsStreamingOptions } from './nats-streaming';
export { setAsideCommand, type SetAside, type SetAsideMessage } from './set-aside';
export type { Delivery, Follower, Subscription, Transport } from './transport';
