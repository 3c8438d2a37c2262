export { eventually } from './eventually';
export { eventOf, orderData, ticketData } from './events';
export { TestServer, testMongoUri } from './servers';
export { runCommand, ServiceProcess } from './service-process';
export { cookieFor, newId, testJwtKey } from './session';
export { carriedEvent, refusalIn, slice, testEnv, type Slice } from './slice';
export { outcomesAt, threeTimesShuffled, WireTap } from './wire-tap';
