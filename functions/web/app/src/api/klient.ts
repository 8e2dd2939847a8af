// The one way to ask. The cookie goes along by itself; there is no token here to lose.
import createClient from 'openapi-fetch';
import { medDrift, registerets } from '../drift';
import type { Feil, Filrapport, paths } from './schema';

/** Set by sesjon.ts: is asked when an answer is 401, and says whether there is a session after all. */
let vaakner: () => Promise<boolean> = async () => false;
export function naarUtloept(f: () => Promise<boolean>) {
  vaakner = f;
}

/** Asks once more when the session had only changed its id, in another tab, while we asked. */
async function hent(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await medDrift(request, fetch);
  if (answer.status !== 401 || !(await vaakner())) return answer;
  return fetch(again);
}

/** The functions, on their own paths. */
export const api = createClient<paths>({ baseUrl: '/api', fetch: hent });

/** The session, which the web function itself answers. */
export const egen = createClient<paths>({ baseUrl: '', fetch: (request) => medDrift(request, fetch) });

/** What went wrong, for people. `register` is true when it is not us that is down. */
export class Feilet extends Error {
  constructor(
    readonly status: number,
    readonly kode: string,
    readonly tekst: string,
    readonly id: string,
    /** Of a file whose rows could not be used. */
    readonly rapport?: Filrapport,
  ) {
    super(kode);
  }
  get register() {
    return registerets(this.kode);
  }
}

type Svar<T> = { data?: T; error?: unknown; response: Response };

/** The body of an answer, or throws what went wrong. A request that got no answer has status 0. */
export async function svar<T>(ask: Promise<Svar<T>>): Promise<T> {
  let got: Svar<T>;
  try {
    got = await ask;
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new Feilet(0, 'NETT', '', '');
  }
  if (got.response.ok) return got.data as T;
  const f = (got.error ?? {}) as Partial<Feil>;
  throw new Feilet(got.response.status, f.errorCode ?? '', f.detail ?? '', f.errorId ?? '', f.rapport);
}
