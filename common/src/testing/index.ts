export { eventually } from './eventually';
export { eventOf, orderData, ticketData } from './events';
export { TestServer, testMongoUri } from './servers';
export { cookieFor, newId, testJwtKey } from './session';
