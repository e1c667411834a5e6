import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { type ErrorCode, SendAnswer } from '@patchbay/contract';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';

/** The client's `Idempotency-Key`, as a handler's parameter. `Sending` checks it. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
    return Array.isArray(header) ? header.join(',') : header;
  },
);

/** Documents a route that sends: its answers, the header, and the errors that `Sending` throws. */
export function Sends(summary: string, ...errors: ErrorCode[]) {
  return SendsAs(SendAnswer, summary, ...errors);
}

/** The same for a route with an answer of its own. */
export function SendsAs(schema: z.ZodType, summary: string, ...errors: ErrorCode[]) {
  return applyDecorators(
    ApiOperation({
      summary,
      description:
        'Answers 202 as soon as the message is durable. With `wait` it answers 200 when the state ' +
        'is reached or the message has failed, and 202 when `timeout` seconds have passed.',
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Within 24 hours the same key and request give the same message; another request is refused.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
    }),
    ApiResponse({
      status: 200,
      description: 'The awaited state, or how the message ended',
      standardSchema: schema,
    }),
    Answers(
      202,
      schema,
      'session_not_found',
      'session_not_linked',
      'invalid_chat',
      'message_not_found',
      'idempotency_key_reused',
      ...errors,
    ),
  );
}
