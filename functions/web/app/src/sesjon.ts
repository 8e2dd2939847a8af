// Who is logged in, in which role, and for how long. Nothing of it is stored in the browser but the tab's role id.
import { computed, signal } from '@preact/signals';
import { egen, naarUtloept, svar } from './api/klient';
import type { Rolle, Sesjon } from './api/schema';

export const sesjon = signal<Sesjon | null>(null);

/** True when a session that this page had is over. What is on the page stays, behind a dialog. */
export const utloept = signal(false);

/** The tab's own role: two tabs may work in two roles. */
const fanensRolle = signal(sessionStorage.getItem('rolle') ?? '');

export const roller = computed(() => sesjon.value?.roller ?? []);

export const rolle = computed<Rolle | undefined>(() => {
  const usable = roller.value.filter((r) => r.kanBrukes);
  return (
    usable.find((r) => r.id === fanensRolle.value) ??
    usable.find((r) => r.id === sesjon.value?.valgtRolle) ??
    usable.find((r) => r.kanBrukesPaaSokeside) ??
    usable[0]
  );
});

/** True for who is logged in and employed nowhere: they see what is written of themselves, and nothing else. */
export const borger = computed(() => sesjon.value?.innlogget === true && sesjon.value.organisasjoner.length === 0);

export const organisasjon = computed(() => sesjon.value?.organisasjoner.find((o) => o.fiksOrgId === rolle.value?.fiksOrgId));

/** How far our clock is behind the server's, in milliseconds. */
let skew = 0;
export const tjenerklokke = () => Date.now() + skew;

function ta(s: Sesjon) {
  skew = new Date(s.naa).getTime() - Date.now();
  const before = sesjon.value;
  if (!s.innlogget && before?.innlogget) {
    utloept.value = true; // keep what is shown
    return;
  }
  // Another person logged in meanwhile. Who has no name here may be another at each login.
  if (before?.innlogget && (s.navn !== before.navn || (!s.navn && s.senest !== before.senest))) return location.replace('/');
  utloept.value = false;
  sesjon.value = s;
  if (!fanensRolle.value && rolle.value) minRolle(rolle.value.id); // what another tab chooses later is not this tab's
}

function minRolle(id: string) {
  sessionStorage.setItem('rolle', id);
  fanensRolle.value = id;
}

export async function hentSesjon() {
  ta(await svar(egen.GET('/hjemmel/v1/sesjon')));
  return sesjon.value?.innlogget === true && !utloept.value;
}

export async function forleng() {
  try {
    ta(await svar(egen.POST('/hjemmel/v1/sesjon/forleng')));
  } catch {
    await hentSesjon();
  }
}

export async function velgRolle(id: string) {
  ta(await svar(egen.POST('/hjemmel/v1/sesjon/rolle', { body: { rolleId: id } })));
  minRolle(id);
}

/** Empties the page before it leaves, so that Back shows nothing. */
export async function loggUt() {
  const { til } = await svar(egen.POST('/hjemmel/v1/sesjon/slutt'));
  sessionStorage.clear();
  document.getElementById('app')!.replaceChildren();
  location.replace(til);
}

export function loggInn(nivaa = '', til = location.pathname) {
  location.assign(`/innlogging/start?til=${encodeURIComponent(til)}${nivaa && `&nivaa=${nivaa}`}`);
}

naarUtloept(hentSesjon);

// A page that Back brings out of the browser's memory is not shown before we know who is logged in.
addEventListener('pageshow', (e) => {
  if (e.persisted) location.reload();
});
