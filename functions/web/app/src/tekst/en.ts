import type { Tekst } from './nb';

export const en: Tekst = {
  spraak: 'English',
  hoppTil: 'Skip to content',
  tjeneste: 'The population register for municipalities',
  laster: 'Fetching …',
  lukk: 'Close',
  avbryt: 'Cancel',
  proevIgjen: 'Try again',
  meny: { soek: 'Search', rolle: 'What the role sees', tastatur: 'Keyboard', tilgjengelighet: 'Accessibility', navigasjon: 'Main menu', spraakvalg: 'Language' },
  innlogging: {
    tittel: 'Log in',
    ingress: 'For employees of municipalities and counties who need facts from the population register in their work.',
    knapp: 'Log in with ID-porten',
    loggUt: 'Log out',
    punkter: [
      'You see what your service area has a legal basis for, and nothing else.',
      'Every lookup is logged before you get an answer.',
      'Residents can find out who has seen their data.',
    ],
    feil: {
      INNLOGGING_AVBRUTT: 'The login was not completed. Start again.',
      INNLOGGING_UTILGJENGELIG: 'ID-porten does not answer at the moment. Try again soon.',
    },
    feilEllers: 'The login failed. Try again, or contact support.',
    hoyere: (organisasjon) =>
      `${organisasjon} requires a login at the high level. Log in again with BankID, Buypass or Commfides to use your roles there.`,
    hoyereKnapp: 'Log in at the high level',
  },
  rolle: {
    velg: 'Role',
    bytt: 'Change role',
    ingen: 'You have no role that can be used for searches here. Ask an administrator in your organisation for access.',
    ikkeNaa: (navn) => `${navn} (cannot be used now)`,
    valgt: (rolle, organisasjon) => `You are using the role ${rolle} in ${organisasjon}.`,
  },
  oekt: {
    utloepTittel: 'You will soon be logged out',
    utloep: (sekunder) => `The session ends in ${sekunder} seconds, because nothing has happened for a while. What you have written stays.`,
    senest: (sekunder) => `The session ends in ${sekunder} seconds. It cannot last more than eight hours. What you have written stays.`,
    fortsett: 'Keep working',
    ferdigTittel: 'You are logged out',
    ferdig: 'The session has ended. Log in again in a new window, and go on where you were. What you have written is still here.',
    loggInnIgjen: 'Log in in a new window',
    erInne: 'I have logged in again',
  },
  feil: {
    ukjent: 'Something went wrong.',
    nett: 'We cannot reach the service. Check your connection and try again.',
    register: 'The population register does not answer at the moment. Nothing is wrong here; try again soon.',
    oss: 'The service has problems at the moment. Try again soon.',
    finnesIkke: 'There is no such page.',
    tilSoek: 'To the search',
    referanse: (id) => `Reference for support: ${id}`,
  },
};
