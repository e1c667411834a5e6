import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { AuthGuard } from '../auth/auth.guard.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

interface FormSchema {
  required: string[];
  properties: Record<string, { format?: string }>;
}

/** The OpenAPI document and its page, for those who have credentials. */
export function describeApi(
  app: NestFastifyApplication,
  fastify: FastifyInstance,
  version: string,
): void {
  const builder = new DocumentBuilder()
    .setTitle('Patchbay')
    .setDescription('WhatsApp gateway and team inbox')
    .setVersion(version)
    .addApiKey({ type: 'apiKey', name: 'X-Api-Key', in: 'header' }, 'apiKey')
    .addBearerAuth(undefined, 'bearer')
    .addSecurityRequirements('apiKey')
    .addSecurityRequirements('bearer')
    .build();
  fastify.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!/^\/api\/(docs(\/|$|-)|openapi\.(json|yaml)$)/.test(path)) return;
    await app.get(AuthGuard).check(request);
    // The documentation page brings styles and a script of its own inline.
    reply.header('content-security-policy', "default-src 'self' 'unsafe-inline' data:");
  });
  const document = () => putRight(SwaggerModule.createDocument(app, builder));
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
  });
}

/** What the generator of the framework does not know of our routes. */
function putRight(document: OpenAPIObject): OpenAPIObject {
  for (const [path, byMethod] of Object.entries(document.paths)) {
    for (const operation of Object.values(byMethod) as Operation[]) {
      sortParameters(path, operation);
      describeBody(operation);
      answerErrorsAsJson(operation);
    }
  }
  dropContentEncoding(document);
  return document;
}

/** Those of the path as it has them, then the others; a session may be named by a field as well. */
function sortParameters(path: string, operation: Operation): void {
  const parameters = (operation.parameters ?? []).filter(
    (each) => '$ref' in each || each.in !== 'path' || path.includes(`{${each.name}}`),
  );
  const place = (parameter: (typeof parameters)[number]) => {
    const at = '$ref' in parameter ? -1 : path.indexOf(`{${parameter.name}}`);
    return at === -1 ? path.length : at;
  };
  operation.parameters = parameters.sort((a, b) => place(a) - place(b));
}

/** The schema of an optional body comes as `allOf` around the schema itself. */
function describeBody({ requestBody }: Operation): void {
  if (!requestBody || '$ref' in requestBody) return;
  sendUrlAsJson(requestBody.content);
  for (const media of Object.values(requestBody.content)) {
    const { schema } = media;
    if (!schema || '$ref' in schema || schema.allOf?.length !== 1) continue;
    media.schema = schema.allOf[0] as typeof schema;
    requestBody.required = false;
  }
}

/** A route that takes a file in a form takes JSON with the file's address instead of the file. */
function sendUrlAsJson(content: Record<string, { schema?: object }>): void {
  const form = content['multipart/form-data']?.schema as FormSchema | undefined;
  if (!form || !content['application/json']) return;
  const isFile = ([, { format }]: [string, { format?: string }]) => format === 'binary';
  const [file] = Object.entries(form.properties).find(isFile) ?? [];
  const fields = Object.entries(form.properties).filter((entry) => !isFile(entry));
  content['application/json'].schema = {
    ...form,
    required: form.required.map((name) => (name === file ? 'url' : name)),
    properties: {
      url: { type: 'string', format: 'uri', maxLength: 2048 },
      ...Object.fromEntries(fields),
    },
  };
}

/** A route that answers a file or a stream answers its errors as everybody does. */
function answerErrorsAsJson({ responses }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    if (Number(status) < 400 || !response || '$ref' in response || !response.content) continue;
    const [content] = Object.values(response.content);
    if (content) response.content = { 'application/json': content };
  }
}

/** A keyword of JSON Schema that OpenAPI 3.0 does not have; `format` beside it says the same. */
function dropContentEncoding(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ('contentEncoding' in node && typeof node.contentEncoding === 'string') {
    delete (node as { contentEncoding?: unknown }).contentEncoding;
  }
  for (const child of Object.values(node)) dropContentEncoding(child);
}
