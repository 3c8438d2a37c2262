// A replica of orders' orders, written by listeners alone: who may pay how much, and until when.
import type { OrderStatus } from '@ticketing/common';
import { defineModel, Replicas, type ReplicaState } from '@ticketing/common/store';
import { Schema, type Connection } from 'mongoose';

export interface OrderReplica extends ReplicaState {
  status: OrderStatus;
  /** The buyer. */
  userId: string;
  expiresAt: Date;
  ticketId: string;
  priceInCents: number;
  /** Of the order's beginning: its payment is a part of the same trace. */
  traceparent?: string;
}

const schema = new Schema<OrderReplica>(
  {
    version: { type: Number, required: true },
    status: { type: String, required: true },
    userId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    ticketId: { type: String, required: true },
    priceInCents: { type: Number, required: true },
    traceparent: String,
  },
  { versionKey: false },
);

export type OrderReplicas = Replicas<OrderReplica>;

export const orderReplicas = (connection: Connection): OrderReplicas =>
  new Replicas(defineModel<OrderReplica>(connection, 'Order', schema, 'orders'));
