import { svar } from './klient';

/** The body of an answer and the ETag that a change to it is held to with If-Match. */
export async function svarMedEtag<T>(ask: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<{ data: T; etag: string }> {
  const data = await svar(ask);
  return { data, etag: (await ask).response.headers.get('ETag') ?? '' };
}
