import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { ErrorCode } from '@patchbay/contract';
import { ERRORS, ErrorBody } from '@patchbay/contract';
import type { z } from 'zod';

/** What any route may answer. */
const OF_ALL: readonly ErrorCode[] = [
  'invalid_request',
  'unauthorized',
  'forbidden',
  'rate_limited',
];

/** Documents what a route answers: the body of its success, and the errors of its own. */
export function Answers(status: number, schema: z.ZodType, ...errors: ErrorCode[]) {
  const byStatus = new Map<number, string[]>();
  for (const code of [...OF_ALL, ...errors]) {
    const known = byStatus.get(ERRORS[code].status) ?? [];
    byStatus.set(ERRORS[code].status, [...known, `\`${code}\`: ${ERRORS[code].meaning}`]);
  }
  return applyDecorators(
    ApiResponse({ status, description: 'Done', standardSchema: schema }),
    ...[...byStatus].map(([errorStatus, meanings]) =>
      ApiResponse({
        status: errorStatus,
        description: meanings.join('. '),
        standardSchema: ErrorBody,
      }),
    ),
  );
}
