export { createApp, type AppOptions } from './app';
export { errorHandler } from './error-handler';
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
  sessionKey,
  signSession,
  startSession,
  userOf,
  type CurrentUser,
} from './session';
export { idField, idParam, isObjectId, validate } from './validation';
