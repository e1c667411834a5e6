export * from './errors.js';
export * from './event.js';
export * from './event-catalogue.js';
export * from './message.js';
export * from './server.js';
export * from './session.js';
export * from './status-vocabularies.js';
