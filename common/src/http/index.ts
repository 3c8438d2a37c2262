export { createApp, type AppOptions } from './app';
export { errorHandler } from './error-handler';
export { LiveStream, show, type LiveMessage, type LiveStreamOptions } from './live-stream';
export {
  newestFirst,
  olderThan,
  pageOf,
  pageQuery,
  renderPage,
  sendPage,
  type Page,
  type Position,
} from './paging';
export * from './refusal';
export {
  endSession,
  requireUser,
  session,
  sessionDays,
  signSession,
  startSession,
  userOf,
  type CurrentUser,
  type OpenSession,
  type SessionEndings,
} from './session';
export { sessionKey, type SessionKey } from './session-key';
export { idField, idParam, isObjectId, validate } from './validation';
