import { z } from 'zod';
import { LinkRefusal, type LinkRefusalCode } from '../phone/link-qr.js';
import { PhoneError } from '../phone/phone-error.js';

/** An answer that is not a success, as the control API gives it: `{ error: { code, message } }`. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

const LINK_STATUS: Record<LinkRefusalCode, number> = {
  qr_malformed: 400,
  qr_expired: 410,
  qr_mismatch: 409,
  code_malformed: 400,
  code_unknown: 404,
  code_wrong: 403,
  refused: 409,
};

const PHONE_STATUS: Record<PhoneError['code'], number> = {
  unknown_phone: 404,
  unknown_recipient: 404,
  unknown_message: 404,
  unknown_group: 404,
  unknown_device: 404,
  unknown_call: 404,
  refused: 403,
  conflict: 409,
  not_a_member: 403,
  offline: 503,
};

/** Turns whatever a handler threw into an answer; unknown errors become 500 `internal`. */
export function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof LinkRefusal) {
    return new HttpError(LINK_STATUS[error.code], error.code, error.message);
  }
  if (error instanceof PhoneError) {
    return new HttpError(PHONE_STATUS[error.code], error.code, error.message);
  }
  if (error instanceof z.ZodError) {
    return new HttpError(400, 'invalid_request', describeIssues(error));
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500) {
    return new HttpError(statusCode, 'invalid_request', message ?? 'The request is not valid.');
  }
  return new HttpError(500, 'internal', message ?? 'The sandbox failed.');
}

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ code, path, message }) => {
      if (path.length > 0) return `${path.join('.')}: ${message}`;
      return code === 'invalid_type' ? 'The body must be a JSON object.' : message;
    })
    .join('; ');
}
