import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { type Deps, type Exchange, type FileSize, sendFile } from '@lienthong/http-api';
import { invalid, refuse } from '@lienthong/kit';

export interface WantedFile {
  sha256: string;
  /** As the document names it. */
  name: string;
  contentType: string;
  /** In the page, where its type allows it; otherwise it is saved. */
  shown: boolean;
}

/** Types that a browser shows without running anything of them at the console's origin. */
const SHOWN: Readonly<Record<string, string>> = {
  'application/pdf': 'application/pdf',
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'text/plain': 'text/plain; charset=utf-8',
};

/** A file as browsers load it: by its address, in parts where one broke off (RFC 9110, 14). */
export async function serveFile(
  transfer: Omit<Exchange, 'signal'>,
  deps: Deps,
  { sha256, name, contentType, shown }: WantedFile,
): Promise<void> {
  const { request, response, route } = transfer;
  if (!/^[0-9a-f]{64}$/.test(sha256))
    refuse(
      invalid([
        { field: 'sha256', description: 'must be a SHA-256 in hexadecimal', reason: 'DIGEST_MALFORMED' },
      ]),
    );
  const part = partOf(request.headers.range);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const message = create(route.method.input, {
    sha256,
    offset: part?.from ?? 0n,
    length: part?.length ?? 0n,
  } as never) as MessageShape<DescMessage>;
  const type = shown ? SHOWN[contentType] : undefined;
  const disposition = type === undefined ? 'attachment' : 'inline';

  function begin({ totalBytes, partBytes }: FileSize) {
    return response.writeHead(part === undefined ? 200 : 206, {
      'content-type': type ?? 'application/octet-stream',
      'content-disposition': `${disposition}; filename*=UTF-8''${encodeName(name)}`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'self'",
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
      ...(partBytes !== undefined && { 'content-length': String(partBytes) }),
      ...(part !== undefined &&
        totalBytes !== undefined &&
        partBytes !== undefined && {
          'content-range': `bytes ${part.from}-${part.from + partBytes - 1n}/${totalBytes}`,
        }),
    });
  }

  try {
    await sendFile({ ...transfer, signal: gone.signal }, message, deps, begin);
  } finally {
    // A file that is left goes on at the platform otherwise.
    gone.abort();
  }
}

/** One range from a place on; undefined for the whole, also where the header is of another form. */
function partOf(range: string | undefined): { from: bigint; length: bigint } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (from === '' || (to !== '' && BigInt(to) < BigInt(from))) return undefined;
  return { from: BigInt(from), length: to === '' ? 0n : BigInt(to) - BigInt(from) + 1n };
}

/** RFC 8187. */
const encodeName = (name: string): string =>
  encodeURIComponent(name.toWellFormed() || 'tep').replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
