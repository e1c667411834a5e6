import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

type SchemaObject = Extract<
  NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string],
  { type?: unknown }
>;

/**
 * `multipart/form-data` as OpenAPI describes it; where the route takes JSON too, that has a `url`
 * instead of the file (api-document.ts).
 * @param part the name of the part that holds the file
 */
export function formWithFile(part: string, fields: z.ZodObject): { schema: SchemaObject } {
  const { properties, required = [] } = z.toJSONSchema(fields, {
    target: 'openapi-3.0',
    io: 'input',
  }) as SchemaObject;
  const schema: SchemaObject = {
    type: 'object',
    required: [part, ...required],
    properties: { [part]: { type: 'string', format: 'binary' }, ...properties },
    additionalProperties: false,
  };
  return { schema };
}
