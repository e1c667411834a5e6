import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { SetMetadata } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { StartError } from '../start-error.js';
import type { Action } from './principal.js';

/**
 * Beside the actions of a key: `admin`: somebody with that role, with credentials that nothing
 * narrows; `person`: a signed-in user, or the instance key. A program must not make itself other keys. `process`: the
 * separate session process with its secret, and nobody else.
 */
export type Need = Action | 'admin' | 'person' | 'process' | 'nothing';

export interface Requirement {
  need: Need;
  /** The session of the path may not be there yet: then the caller makes it. */
  maybeNew: boolean;
}

const REQUIREMENT = 'patchbay:needs';

/**
 * Says what a route asks of its caller. Every route must; the server does not start with one that
 * does not. A route that names a session (`/api/sessions/:id...`, `/api/accounts/:id...`, `:sessionId`,
 * or `sessionId` in query or body) answers 404 before its handler runs to those who may not use it.
 */
export function Needs(need: Exclude<Need, 'nothing' | 'process'>, { maybeNew = false } = {}) {
  return SetMetadata(REQUIREMENT, { need, maybeNew } satisfies Requirement);
}

/** Marks the few routes that need no credentials. */
export function Open() {
  return SetMetadata(REQUIREMENT, { need: 'nothing', maybeNew: false } satisfies Requirement);
}

/** Marks the routes on which a separate session process tells what happens. */
export function ForSessionProcess() {
  return SetMetadata(REQUIREMENT, { need: 'process', maybeNew: false } satisfies Requirement);
}

/** What a handler declared. */
export function requirementOf(handler: object): Requirement | undefined {
  return Reflect.getMetadata(REQUIREMENT, handler) as Requirement | undefined;
}

/** Throws for a route that does not say what it needs. */
export function refuseUndeclared(controllers: readonly Type[]): void {
  for (const { name, prototype } of controllers) {
    for (const method of Object.getOwnPropertyNames(prototype)) {
      const handler = prototype[method] as unknown;
      if (typeof handler !== 'function' || method === 'constructor') continue;
      if (!Reflect.hasMetadata(METHOD_METADATA, handler) || requirementOf(handler)) continue;
      throw new StartError(`${name}.${method} does not say what it @Needs of its caller`);
    }
  }
}
