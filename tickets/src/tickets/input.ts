// What a ticket may be: the checks shared by listing and editing.
import { maxPrice, toMinorUnits } from '@ticketing/common';
import { body, type ValidationChain } from 'express-validator';

export const maxTitleLength = 200;
export const maxQueryLength = 200;

/** The checked body of a request that lists or edits a ticket. */
export interface TicketInput {
  title: string;
  /** Minor units, once the checks have run. */
  price: number;
}

/** One form for what looks the same (a letter and its accent, say, are one character), so that searches find it. */
const tidy = (title: string): string => title.normalize('NFC').trim();

const isTitle = (title: unknown): boolean =>
  typeof title === 'string' && tidy(title) !== '' && [...tidy(title)].length <= maxTitleLength;

export const ticketInput: ValidationChain[] = [
  body('title', `title must be a text of 1 to ${maxTitleLength} characters.`)
    .custom(isTitle)
    .bail()
    .customSanitizer(tidy),
  body('price')
    .custom((price) => toMinorUnits(price) !== undefined)
    .withMessage(`price must be over 0, at most ${maxPrice} and have no more than 2 decimals.`)
    .customSanitizer(toMinorUnits),
];
