// How it goes with the register and with us, as far as this page's own requests have shown: one line at the top, until it is over.
import { signal } from '@preact/signals';
import { t } from './tekst';

/** The register is slow or down, we are down, or the net is. */
export type Drift = '' | 'treg' | 'register' | 'oss' | 'nett';
export const drift = signal<Drift>('');

/** After how many milliseconds an answer of the register is late. */
const sent = 4000;

/** True for what the register is asked; the rest is ours alone. */
const spoerRegisteret = (r: Request) => r.method === 'POST' && /\/(soek|personer)\//.test(new URL(r.url).pathname);

/** Codes of the parts that everything here stands on. An error without a code is not from a function at all. */
const vaare = /^$|^(INTERN|LAGER|LOGG|NOEKLER|TILGANGER)_/;
export const registerets = (kode: string) => /^(FOLKEREGISTERET|MASKINPORTEN)/.test(kode);

/** Asks, and notes what the answer, or that there is none, tells. */
export async function medDrift(request: Request, ask: (r: Request) => Promise<Response>): Promise<Response> {
  const far = spoerRegisteret(request);
  const late = far && setTimeout(() => (drift.value ||= 'treg'), sent);
  try {
    const answer = await ask(request);
    await noter(answer, far);
    return answer;
  } catch (e) {
    if (!request.signal.aborted) drift.value = 'nett';
    throw e;
  } finally {
    if (late) clearTimeout(late);
    if (drift.value === 'treg') drift.value = '';
  }
}

async function noter(answer: Response, far: boolean) {
  if (answer.status < 500) {
    if (drift.value !== 'register' || (far && answer.ok)) drift.value = ''; // what is ours tells nothing of the register
    return;
  }
  const body = (await answer.clone().json().catch(() => ({}))) as { errorCode?: string };
  const kode = body.errorCode ?? '';
  if (registerets(kode)) drift.value = 'register';
  else if (vaare.test(kode)) drift.value = 'oss';
}

export function Driftslinje() {
  const d = drift.value;
  return (
    <div role="status" className="drift" data-drift={d}>
      {d && <p className="ramme">{t.value.drift[d]}</p>}
    </div>
  );
}
