export { EndedSessions, endedSessionsCollection } from './ended-sessions';
