// The user: what auth owns. Other services know users by the id in their session.
import { defineModel } from '@ticketing/common/store';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

export interface User {
  _id: Types.ObjectId;
  /** As it was typed; compared whatever its case. */
  email: string;
  /** argon2id, in the PHC string format: parameters, salt and hash. */
  passwordHash: string;
  /** How often they have changed their password; absent for never. Sessions of a lower epoch are over. */
  epoch?: number;
}

/** Compares letters whatever their case. Used by the index, so every look-up by e-mail must name it too. */
export const anyCase = { locale: 'en', strength: 2 } as const;

const schema = new Schema<User>(
  {
    email: { type: String, required: true },
    passwordHash: { type: String, required: true },
    epoch: { type: Number },
  },
  { versionKey: false },
)
  // Of simultaneous sign-ups with one e-mail, the database takes one.
  .index({ email: 1 }, { unique: true, collation: anyCase });

export type Users = Model<User>;

export const userModel = (connection: Connection): Users =>
  defineModel<User>(connection, 'User', schema, 'users');
