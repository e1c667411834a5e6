import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AwsV4Signer } from 'aws4fetch';
import { type Dispatcher, request } from 'undici';
import type { ByteRange, MediaStore } from './media-store.js';

export interface S3Settings {
  /** `https://host[:port]` of the service; the bucket is the first part of the path. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Before each object's name, for a bucket that holds other things too. */
  prefix: string;
}

/** Contents as objects of a bucket of any service that speaks the S3 API. */
export class S3MediaStore implements MediaStore {
  constructor(private readonly settings: S3Settings) {}

  async put(hash: string, path: string): Promise<void> {
    if ((await this.size(hash)) === undefined) {
      const { size } = await stat(path);
      const headers = {
        'content-length': String(size),
        // The service compares: what arrived damaged is refused.
        'x-amz-content-sha256': hash,
      };
      const answer = await this.ask('PUT', hash, headers, createReadStream(path));
      await answer.body.dump();
      if (answer.statusCode !== 200) throw refusal('PUT', answer.statusCode);
    }
    await rm(path, { force: true });
  }

  async size(hash: string): Promise<number | undefined> {
    const { statusCode, headers, body } = await this.ask('HEAD', hash);
    await body.dump();
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw refusal('HEAD', statusCode);
    return Number(headers['content-length']);
  }

  async read(hash: string, range?: ByteRange): Promise<Readable | undefined> {
    const { statusCode, body } = await this.ask('GET', hash, {
      ...(range && { range: `bytes=${range.start}-${range.end}` }),
    });
    if (statusCode === (range ? 206 : 200)) return body;
    await body.dump();
    if (statusCode === 404) return undefined;
    throw refusal('GET', statusCode);
  }

  async delete(hash: string): Promise<void> {
    const { statusCode, body } = await this.ask('DELETE', hash);
    await body.dump();
    if (![200, 204, 404].includes(statusCode)) throw refusal('DELETE', statusCode);
  }

  private async ask(
    method: Dispatcher.HttpMethod,
    hash: string,
    headers: Record<string, string> = {},
    body?: Readable,
  ) {
    const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = this.settings;
    const signed = await new AwsV4Signer({
      method,
      url: `${endpoint.replace(/\/$/, '')}/${bucket}/${prefix}${hash}`,
      headers,
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
    }).sign();
    return await request(signed.url, {
      method,
      headers: { ...headers, ...Object.fromEntries(signed.headers) },
      ...(body && { body }),
    });
  }
}

function refusal(method: string, status: number): Error {
  return new Error(`the S3 service answered ${method} with ${status}`);
}
