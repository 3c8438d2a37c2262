// What a ticket may be: the checks shared by listing and editing.
import { maxPrice, toMinorUnits } from '@ticketing/common';
import { body, type ValidationChain } from 'express-validator';

export const maxTitleLength = 200;

/** The checked body of a request that lists or edits a ticket. */
export interface TicketInput {
  title: string;
  /** Minor units, once the checks have run. */
  price: number;
}

export const ticketInput: ValidationChain[] = [
  body('title')
    .custom(
      (title) =>
        typeof title === 'string' && title.trim() !== '' && [...title.trim()].length <= maxTitleLength,
    )
    .withMessage(`title must be a text of 1 to ${maxTitleLength} characters.`)
    .trim(),
  body('price')
    .custom((price) => toMinorUnits(price) !== undefined)
    .withMessage(`price must be over 0, at most ${maxPrice} and have no more than 2 decimals.`)
    .customSanitizer(toMinorUnits),
];
