// The order that is being written: in memory alone, so that it can be left and come back to.
import { signal } from '@preact/signals';
import type { Listebestilling } from '../../api/schema';

/** What an order says, without the role that it is sent in. */
export type Utkast = Omit<Listebestilling, 'rolleId'>;

const tomt = (kommuner: string[]): Utkast => ({
  kommunenummer: kommuner,
  kommuneTilhoerighet: 'BOSTED',
  status: ['BOSATT'],
  eksportFormat: 'EGENDEFINERT',
  minimering: [],
  eksportFilformat: 'XLSX',
  maskinnavn: false,
});

export const utkast = signal<Utkast | null>(null);
let rollen = ''; // that it is for

/** The order that is being written in a role, or a new one. */
export function fortsett(rolleId: string, kommuner: string[]) {
  if (!utkast.value || rollen !== rolleId) utkast.value = tomt(kommuner);
  rollen = rolleId;
}

/** Tells an order by criteria from others. A list of changes has those of the list that they are changes of. */
export const harKriterier = (definisjon: unknown) => definisjon instanceof Object && 'kommuneTilhoerighet' in definisjon && 'status' in definisjon;

/** Begins with what an earlier order said. */
export function igjen(definisjon: unknown) {
  const { rolleId, ...before } = definisjon as Listebestilling;
  rollen = rolleId;
  const chosen = before.minimering?.map((m) => m.replaceAll('.', '_')) ?? [];
  utkast.value = { ...tomt([]), ...before, eksportFormat: before.eksportFormat ?? (chosen.length ? 'EGENDEFINERT' : 'LISTESOEK'), minimering: chosen };
}

/** The order as it is sent: without the columns where a template has them, and without what says nothing. */
export function bestilling(u: Utkast, rolleId: string): Listebestilling {
  const { minimering, ...rest } = u;
  const said = Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== '' && v !== undefined)) as Utkast;
  return { ...said, rolleId, ...(u.eksportFormat === 'EGENDEFINERT' && { minimering }) };
}
