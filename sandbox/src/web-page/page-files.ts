import { openMedia } from '../media/cipher.js';
import { uploadFile } from '../phone/phone-media.js';
import type { SandboxServer } from '../protocol/seam.js';
import type { FileKind, SealedFile } from './page/talk.js';

interface Answer {
  status: number;
  content?: Buffer | string;
}

/** Encrypts and decrypts for the pages, which the real one does itself, and plays the media host's faults. */
export class PageFiles {
  constructor(private readonly server: SandboxServer) {}

  async handle(path: string, query: URLSearchParams, body: Buffer): Promise<Answer> {
    const kind = query.get('kind') as FileKind;
    if (path === '/media/upload') return this.upload(kind, body);
    if (path === '/media/open') return await this.open(kind, JSON.parse(body.toString()));
    return { status: 404 };
  }

  private upload(kind: FileKind, file: Buffer): Answer {
    const refused = this.server.struckBy('upload_refused');
    if (refused) return { status: refused.code ?? 503 };
    const { directPath, mediaKey, fileSha256, fileEncSha256 } = uploadFile(this.server, file, kind);
    const sealed: SealedFile = {
      directPath,
      mediaKey: mediaKey.toString('base64'),
      filehash: fileSha256.toString('base64'),
      encFilehash: fileEncSha256.toString('base64'),
    };
    return { status: 200, content: JSON.stringify(sealed) };
  }

  private async open(kind: FileKind, sealed: SealedFile): Promise<Answer> {
    const gone = this.server.struckBy('media_gone');
    const blob = gone ? undefined : await this.server.blobs.get(sealed.directPath);
    if (!blob) return { status: gone?.code ?? 404 };
    const bytes = (base64: string) => Buffer.from(base64, 'base64');
    const content = openMedia(blob, kind, {
      mediaKey: bytes(sealed.mediaKey),
      fileSha256: bytes(sealed.filehash),
      fileEncSha256: bytes(sealed.encFilehash),
    });
    return { status: 200, content };
  }
}
