// A replica of tickets' tickets, written by listeners alone: what can be ordered, and for how much.
import { defineModel, Replicas, type ReplicaState } from '@ticketing/common/store';
import { Schema, type Connection } from 'mongoose';

export interface TicketReplica extends ReplicaState {
  title: string;
  priceInCents: number;
  /** The seller. */
  userId: string;
  /** The order that has it, as far as tickets knows. Never asked when ordering: orders itself knows better. */
  orderId: string | null;
}

const schema = new Schema<TicketReplica>(
  {
    version: { type: Number, required: true },
    title: { type: String, required: true },
    priceInCents: { type: Number, required: true },
    userId: { type: String, required: true },
    orderId: { type: String, default: null },
  },
  { versionKey: false },
);

export type TicketReplicas = Replicas<TicketReplica>;

export const ticketReplicas = (connection: Connection): TicketReplicas =>
  new Replicas(defineModel<TicketReplica>(connection, 'Ticket', schema, 'tickets'));
