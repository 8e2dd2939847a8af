// The search of this tab: kept in memory, so that Back gives back the hits. It never reaches an address or a store.
import { signal } from '@preact/signals';
import { api, Feilet, svar } from './api/klient';
import type { Folkeregisterperson, Fritekstsvar, Kriterier, Rolleinnhold } from './api/schema';
import { rolle } from './sesjon';

export const tekst = signal('');
export const formaal = signal('');
export const svaret = signal<Fritekstsvar | null>(null);
export const feil = signal<Feilet | null>(null);
export const soeker = signal(false);
/** What the fields hold, and whether they are shown. */
export const felter = signal<Record<string, string>>({});
export const feltene = signal(false);
/** The person that a reason was given to look up, by reference: one's own family. */
export const overstyrt = signal<{ referanse: string; grunn: string } | null>(null);
/** The hit that was last gone to, for whoever comes back to the hits. */
export const aapnet = { referanse: '' };
/** What was last searched for, as it was understood. */
export const sist = signal<Kriterier | null>(null);

/** What a hit shows, as far as the role sees it. */
const deler = ['navn', 'foedsel', 'bostedsadresse', 'status'] as const;

const kjente = new Map<string, Promise<Rolleinnhold>>();

/** What a role sees. Asked once a role and page load. */
export function innhold(id: string): Promise<Rolleinnhold> {
  let found = kjente.get(id);
  if (!found) {
    found = svar(api.GET('/hjemmel/v1/roller/{id}/innhold', { params: { path: { id } } }));
    found.catch(() => kjente.delete(id));
    kjente.set(id, found);
  }
  return found;
}

/** Searches by the text, or by criteria that were understood before; overstyring is the reason for looking up one's own family. */
export async function soek(kriterier?: Kriterier, overstyring?: string) {
  const id = rolle.value?.id;
  if (!id || soeker.value) return;
  soeker.value = true;
  feil.value = null;
  aapnet.referanse = '';
  sist.value = kriterier ?? null;
  try {
    const sees = (await innhold(id)).opplysninger.map((o) => o.kode);
    const parts = deler.filter((d) => sees.some((s) => s === d || s.startsWith(d + '.')));
    const body = { rolleId: id, parts, formaal: formaal.value || undefined, overstyring, ...(kriterier ? { kriterier } : { tekst: tekst.value.trim() }) };
    svaret.value = await svar(api.POST('/hjemmel/v1/soek/fri', { body: body as never }));
    const only = svaret.value.personer.length === 1 && svaret.value.personer[0]!.referanse;
    if (overstyring && only) overstyrt.value = { referanse: only, grunn: overstyring };
    sist.value = kriterier ?? svaret.value.forstaatt?.kriterier ?? null;
  } catch (e) {
    svaret.value = null;
    feil.value = e instanceof Feilet ? e : new Feilet(0, 'UKJENT', '', '');
  } finally {
    soeker.value = false;
  }
}

/** What a header can hold of a text. */
export const iHode = (s: string) => s.replace(/[^ -ÿ]/g, '');

/** The purpose in a header, as far as a header can hold it: for what takes it nowhere else. */
export function formaalHode() {
  return formaal.value ? { 'Hjemmel-Formaal': iHode(formaal.value) } : {};
}

/** The reason that was given to look up this person, in the same way. */
export function overstyringHode(referanse: string) {
  const o = overstyrt.value;
  return o?.referanse === referanse ? { 'Hjemmel-Overstyring': iHode(o.grunn) } : {};
}

export function glem() {
  sist.value = null;
  overstyrt.value = null;
  svaret.value = null;
  feil.value = null;
}

type Rad = { navn: string; foedt: string; adresse: string; status: string };

/** A hit in short. What the role does not see is ''. */
export function rad(p: Folkeregisterperson | undefined): Rad {
  const now = <T extends { erGjeldende?: boolean }>(all?: T[]) => all?.find((x) => x.erGjeldende) ?? all?.[0];
  const n = now(p?.navn);
  const at = now(p?.bostedsadresse)?.vegadresse;
  const nr = at?.adressenummer;
  return {
    navn: [n?.fornavn, n?.mellomnavn, n?.etternavn].filter(Boolean).join(' '),
    foedt: now(p?.foedsel)?.foedselsdato ?? '',
    adresse: [
      [at?.adressenavn, [nr?.husnummer, nr?.husbokstav].filter(Boolean).join('')].filter(Boolean).join(' '),
      [at?.poststed?.postnummer, at?.poststed?.poststedsnavn].filter(Boolean).join(' '),
    ].filter(Boolean).join(', '),
    status: now(p?.status)?.status ?? '',
  };
}
