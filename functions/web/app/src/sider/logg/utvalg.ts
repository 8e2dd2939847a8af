// What an officer asks the log for. A person's number is kept in memory alone and sent in a body.
import { api, svar } from '../../api/klient';
import type { Loggtreff, Loggutvalg } from '../../api/schema';
import { isoFra } from '../../format';
import { iHode } from '../../soek';

/** The form: days as people write them. A browser's own date field follows the browser's language, not the page's. */
export type Skjema = { personidentifikator: string; aktor: string; fra: string; til: string; formaal: string; avdekket: boolean; grunn: string };
export const tomt: Skjema = { personidentifikator: '', aktor: '', fra: '', til: '', formaal: '', avdekket: false, grunn: '' };

/** What the hits are narrowed to, by the name of the facet. */
export type Avgrensning = { felt: 'handling' | 'utfall' | 'rolle' | 'aktor' | 'dag'; verdi: string; navn: string };

/** When a day begins in Oslo, which is an hour or two before UTC. */
export function doegnstart(day: string, senere = 0): string {
  const [y = 0, m = 1, d = 1] = day.split('-').map(Number);
  const midnight = Date.UTC(y, m - 1, d + senere);
  const begins = [2, 1].map((h) => new Date(midnight - h * 3_600_000));
  const hour = (at: Date) => at.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Oslo' });
  return (begins.find((at) => hour(at) === '00:00:00') ?? begins[1]!).toISOString();
}

/** What is asked for, whatever page of it. */
export type Utvalg = Omit<Loggutvalg, 'antall' | 'markoer'>;

export function utvalg(fiksOrgId: string, s: Skjema, snevret: Avgrensning[]): Utvalg {
  const values = (felt: Avgrensning['felt']) => {
    const all = snevret.filter((a) => a.felt === felt).map((a) => a.verdi);
    return all.length > 0 ? all : undefined;
  };
  const day = values('dag')?.[0];
  const fra = day ?? isoFra(s.fra);
  const til = day ?? isoFra(s.til);
  return {
    fiksOrgId,
    personidentifikator: s.personidentifikator.replace(/\D/g, '') || undefined,
    aktor: values('aktor')?.[0] ?? (s.aktor.trim() || undefined),
    formaal: s.formaal.trim() || undefined,
    avdekket: s.avdekket || undefined,
    handlinger: values('handling'),
    utfall: values('utfall') as Loggutvalg['utfall'],
    roller: values('rolle'),
    fra: fra ? doegnstart(fra) : undefined,
    til: til ? doegnstart(til, 1) : undefined,
  };
}

/** Why it is asked for goes in a header, as far as a header can hold it. */
const hode = (grunn: string) => (grunn ? { 'Hjemmel-Formaal': iHode(grunn) } : {});

export function soekLogg(u: Utvalg, grunn: string, markoer?: string): Promise<Loggtreff> {
  return svar(api.POST('/hjemmel/v1/logg/soek', { body: { ...u, antall: 50, markoer }, params: { header: hode(grunn) } }));
}

export type Format = 'CSV' | 'XLSX' | 'CEF' | 'BEVISPAKKE';
export const endelse: Record<Format, string> = { CSV: 'csv', XLSX: 'xlsx', CEF: 'cef', BEVISPAKKE: 'zip' };

export async function eksport(u: Utvalg, grunn: string, format: Format): Promise<Blob> {
  return (await svar(api.POST('/hjemmel/v1/logg/eksport', { body: { ...u, format }, params: { header: hode(grunn) }, parseAs: 'blob' }))) as unknown as Blob;
}
