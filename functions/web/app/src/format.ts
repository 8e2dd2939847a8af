// Dates and order, the Norwegian way. Chromium does not know nynorsk, so nn is formatted as nb; the two are alike.
import { valgtSpraak } from './tekst';

const zone = 'Europe/Oslo';
const locale = () => (valgtSpraak.value === 'en' ? 'en-GB' : 'nb-NO');

/** A day of the register (2019-05-12 or a time) in a table: 12.05.2019. What is no date is given as it is. */
export function dag(iso: string): string {
  const d = new Date(iso.length === 10 ? iso + 'T12:00:00Z' : iso);
  return Number.isNaN(d.getTime()) ? iso : d.toLocaleDateString(locale(), { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: zone });
}

/** A point in time in prose: 12. mai 2019 kl. 14:05. */
export function tid(iso: string): string {
  return new Date(iso).toLocaleString(locale(), { dateStyle: 'long', timeStyle: 'short', timeZone: zone });
}

/** A day as people write it, 12.05.1970, 12051970 or 1970-05-12, as a number: 19700512. 0 for what is no day. */
export function dagFra(skrevet: string): number {
  const s = skrevet.trim();
  const [, d, m, y] = /^(\d{1,2})[./ -]?(\d{1,2})[./ -]?(\d{4})$/.exec(s) ?? [];
  const [, iy = y, im = m, id = d] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(s) ?? [];
  const at = new Date(Date.UTC(Number(iy), Number(im) - 1, Number(id)));
  return at.getUTCDate() === Number(id) && at.getUTCMonth() === Number(im) - 1 ? Number(iy) * 10_000 + Number(im) * 100 + Number(id) : 0;
}

/** The same as the functions write days, 1970-05-12; '' for what is no day. */
export function isoFra(skrevet: string): string {
  const n = String(dagFra(skrevet));
  return n === '0' ? '' : `${n.slice(0, 4)}-${n.slice(4, 6)}-${n.slice(6)}`;
}

/** Whole years from a day until today. */
export function alder(iso: string): number {
  const [y = 0, m = 1, d = 1] = iso.slice(0, 10).split('-').map(Number);
  const [ty = 0, tm = 1, td = 1] = new Date().toLocaleDateString('sv-SE', { timeZone: zone }).split('-').map(Number);
  return ty - y - (tm < m || (tm === m && td < d) ? 1 : 0);
}

/** A number for reading: 120570 12345. */
export const gruppert = (nummer: string) => `${nummer.slice(0, 6)} ${nummer.slice(6)}`;

/** Sorts as Norwegian does: Aa is Å. */
export const norsk = new Intl.Collator('nb');
