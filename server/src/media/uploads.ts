import type { FastifyRequest } from 'fastify';
import '@fastify/multipart';
import type { z } from 'zod';
import { ApiError } from '../http/api-error.js';
import { type GuardedFetch, UrlRefused } from '../user-urls/guarded-fetch.js';
import type { Upload } from './outgoing-media.js';
import { type Spool, TooLarge } from './spool.js';

/** For getting a file from a URL, all of it (ms). */
const URL_WITHIN = 60_000;
/** What a multipart body has beside its file (bytes). */
const AROUND = 256 * 1024;

/** A request that brings a file: the file in the spool, and what was said beside it. */
export interface ReceivedUpload<Fields> {
  upload: Upload;
  fields: Fields;
}

interface Shapes<Fields> {
  /** The name of the part that holds the file. */
  part: string;
  multipart: z.ZodType<Fields>;
  json: z.ZodType<Fields & { url: string }>;
}

/** Takes files in, chunk by chunk, and never more than the limit. */
export class Uploads {
  constructor(
    private readonly spool: Spool,
    private readonly guarded: GuardedFetch,
    /** Bytes. */
    private readonly limit: number,
  ) {}

  /**
   * Reads a multipart request, or gets the file that a JSON one names. Whoever calls this discards
   * the file in the end; when it throws, nothing is left.
   * @throws ApiError `invalid_request`, `payload_too_large`, `url_refused`, `media_unavailable`,
   *   `unsupported_media_type`
   */
  async receive<Fields>(
    request: FastifyRequest,
    shapes: Shapes<Fields>,
  ): Promise<ReceivedUpload<Fields>> {
    if (!request.isMultipart()) return await this.fromUrl(request.body, shapes);
    return await this.receiveForm(request, shapes.part, shapes.multipart);
  }

  /** The same of a route that takes nothing but a form. */
  async receiveForm<Fields>(
    request: FastifyRequest,
    name: string,
    schema: z.ZodType<Fields>,
  ): Promise<ReceivedUpload<Fields>> {
    if (!request.isMultipart()) {
      throw new ApiError('unsupported_media_type', `Send the file as part "${name}" of a form`);
    }
    if (Number(request.headers['content-length'] ?? 0) > this.limit + AROUND) throw this.tooLarge();
    let upload: Upload | undefined;
    const said: Record<string, unknown> = {};
    try {
      for await (const part of request.parts({ limits: { files: 1, fileSize: Infinity } })) {
        if (part.type === 'field') said[part.fieldname] = withoutNul(part.fieldname, part.value);
        else if (part.fieldname === name) {
          const file = await this.spool.receive(part.file, this.limit);
          upload = { file, mimetype: part.mimetype, filename: part.filename || undefined };
        } else throw invalid(part.fieldname, `the file belongs in the part "${name}"`);
      }
      if (!upload) throw invalid(name, 'a file is missing');
      return { upload, fields: parsed(schema, said) };
    } catch (error) {
      if (upload) await this.spool.discard(upload.file);
      throw error instanceof TooLarge ? this.tooLarge() : refusal(error);
    }
  }

  private async fromUrl<Fields>(
    body: unknown,
    { part, json }: Shapes<Fields>,
  ): Promise<ReceivedUpload<Fields>> {
    if (body === undefined) {
      throw new ApiError(
        'unsupported_media_type',
        `Send the file as part "${part}" of multipart/form-data, or JSON with its "url"`,
      );
    }
    const { url, ...fields } = parsed(json, body);
    const signal = AbortSignal.timeout(URL_WITHIN);
    try {
      const answer = await this.guarded.fetch(url, { signal });
      if (answer.status !== 200) {
        await answer.body.dump();
        throw new ApiError('media_unavailable', `url: it answered ${answer.status}`);
      }
      const type = String(answer.headers['content-type'] ?? 'application/octet-stream');
      const file = await this.spool.receive(answer.body, this.limit);
      const upload = { file, mimetype: type, filename: nameIn(answer.url) };
      return { upload, fields: fields as Fields };
    } catch (error) {
      if (error instanceof TooLarge) throw this.tooLarge();
      if (error instanceof UrlRefused) throw new ApiError('url_refused', error.message);
      if (error instanceof ApiError) throw error;
      throw new ApiError('media_unavailable', 'url: it could not be read');
    }
  }

  private tooLarge(): ApiError {
    const limit = Math.round((this.limit / 1024 / 1024) * 100) / 100;
    return new ApiError(
      'payload_too_large',
      `The file is larger than ${limit} MB; MEDIA_UPLOAD_MAX_MB sets the limit`,
    );
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    message,
  }));
  const first = issues[0];
  const where = first?.path ? `${first.path}: ` : '';
  throw new ApiError('invalid_request', `${where}${first?.message ?? 'invalid'}`, issues);
}

/** No database column takes it, and nobody means it. */
function withoutNul(field: string, value: unknown): unknown {
  if (typeof value === 'string' && value.includes('\0')) {
    throw invalid(field, 'the character NUL is not allowed');
  }
  return value;
}

/**
 * The parser tells what is wrong with a form by plain Errors: that is the client's fault. A disk that is
 * full is ours.
 */
function refusal(error: unknown): unknown {
  const { statusCode, syscall } = error as { statusCode?: number; syscall?: string };
  if (error instanceof ApiError || statusCode !== undefined || syscall !== undefined) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError('invalid_request', `The multipart body cannot be read: ${detail}`);
}

function invalid(path: string, message: string): ApiError {
  return new ApiError('invalid_request', `${path}: ${message}`, [{ path, message }]);
}

function nameIn(url: string): string | undefined {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last).slice(0, 255) || undefined;
  } catch {
    return undefined;
  }
}
