// What people are in an organisation, besides their roles: what the menu offers. The functions judge for themselves.
import type { Sesjonsorganisasjon } from './api/schema';
import { sesjon } from './sesjon';

type Funksjon = Sesjonsorganisasjon['funksjoner'][number];

/** The organisations in which the logged-in has one of the functions. */
export function organisasjonerMed(...funksjoner: Funksjon[]): Sesjonsorganisasjon[] {
  return (sesjon.value?.organisasjoner ?? []).filter((o) => !o.kreverHoyere && o.funksjoner.some((f) => funksjoner.includes(f)));
}
