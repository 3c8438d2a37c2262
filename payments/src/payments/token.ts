// What a card is named by; checked by the routes, told by the document.

/** A card token (`tok_…`) or a payment method (`pm_…`) of Stripe. */
export const tokenPattern = /^(tok|pm)_\w{1,200}$/;
