// The catalogue as an administrator needs it: what the service areas open, and what elements are called.
import { api, svar } from '../../api/klient';
import type { GyldigeVerdier, KatalogOmraade, Tekst } from '../../api/schema';
import { valgtSpraak } from '../../tekst';

export type Gren = GyldigeVerdier['registre'][number]['opplysninger'][number];
export type Del = Gren['overordnet'];

/** A text of the catalogue in the chosen language; bokmål where it is not translated. */
export const paaSpraaket = (x: Tekst) => x[valgtSpraak.value] || x.nb;

let kjent: Promise<GyldigeVerdier> | undefined;

/** What roles can be put together of. Asked once a page load. */
export function verdier(): Promise<GyldigeVerdier> {
  kjent ??= svar(api.GET('/register/api/v2/konfigurasjon/roller/gyldigeverdier'));
  kjent.catch(() => (kjent = undefined));
  return kjent;
}

/** A service area with its hjemler, in words. */
export const omraade = (kode: string): Promise<KatalogOmraade> => svar(api.GET('/hjemmel/v1/katalog/tjenesteomraader/{kode}', { params: { path: { kode } } }));

/** All branches, whatever register they are of. */
export const grener = (v: GyldigeVerdier): Gren[] => v.registre.flatMap((r) => r.opplysninger);

/** What elements are called, by their codes. A code that nobody knows is shown as it is. */
export function navnene(v: GyldigeVerdier): (kode: string) => string {
  const all = new Map(grener(v).flatMap((g) => [g.overordnet, ...g.underordnet].map((d) => [d.kode, paaSpraaket(d.tekst)] as const)));
  return (kode) => {
    const [top = ''] = kode.split('.');
    const own = all.get(kode) ?? kode;
    return top === kode || !all.has(kode) ? own : `${all.get(top)}: ${own}`;
  };
}

const below = (kode: string, held: string) => kode.startsWith(held + '.');

/** Whether the held codes bring the element along, without naming it. */
export const foelgerMed = (held: string[], d: Del) => !d.krevesEksplisitt && held.some((h) => below(d.kode, h));

/** Whether the area lets a role have the element. */
export const kanGis = (opened: string[], d: Del) => opened.includes(d.kode) || foelgerMed(opened, d);

/** The codes that an area opens, of all registers. */
export const aapnet = (o: KatalogOmraade) => o.registre.flatMap((r) => r.opplysninger);
