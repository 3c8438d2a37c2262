// How long what people type may be; checked by the routes, told by the document.

export const maxEmailLength = 254;
export const minPasswordLength = 8;
export const maxPasswordLength = 128;
