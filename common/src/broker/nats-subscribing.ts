// Durable subscriptions at NATS Streaming: a group shares the messages, each is acknowledged by hand.
import type { Message, Stan } from 'node-nats-streaming';
import type { Delivery, Subscription } from './transport';

type CountedMessage = Message & { getRedeliveryCount(): number };

export interface Subscriber {
  to: Subscription;
  onDelivery: (delivery: Delivery) => void;
}

/**
 * @param isCurrent whether the client is still the one in use: to another one an acknowledgement means nothing
 * @param onDoubt whether the server has the subscription is unknown: with a new client it is known again
 */
export function subscribeOn(
  client: Stan,
  { to, onDelivery }: Subscriber,
  isCurrent: () => boolean,
  onDoubt: (reason: string) => void,
): void {
  const options = client
    .subscriptionOptions()
    .setManualAckMode(true)
    .setDeliverAllAvailable()
    .setDurableName(to.group)
    .setMaxInFlight(to.maxInFlight)
    .setAckWait(to.ackWaitSeconds * 1000);
  const opened = client.subscribe(to.channel, to.group, options);
  opened.on('message', (message: CountedMessage) => {
    onDelivery({
      data: message.getRawData().toString('utf8'),
      sequence: message.getSequence(),
      attempt: message.getRedeliveryCount() + 1,
      ack: () => {
        if (isCurrent()) message.ack();
      },
    });
  });
  for (const event of ['timeout', 'error']) {
    opened.on(event, (error: Error) => {
      onDoubt(`subscription to ${to.channel}: ${error.message}`);
    });
  }
}
