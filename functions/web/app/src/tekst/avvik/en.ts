import type { Avvikstekst } from './nb';

export const en: Avvikstekst = {
  tittel: 'Possible misuse',
  ingress: (organisasjon) =>
    `Entries in the log of ${organisasjon} that should be looked at, the oldest first. A finding is a question, not a verdict. What concerns yourself is not here. Two persons must agree before a finding is closed.`,
  aapne: 'Open',
  lukkede: 'Closed',
  antall: (n, mer) => (n === 0 ? 'Nothing to look at.' : mer ? `The first ${n}` : n === 1 ? 'One finding' : `${n} findings`),
  flere: 'Show more',
  hvem: 'Employee',
  person: 'Person (code)',
  requestId: 'Request in the log',
  tattAv: (hvem) => `${hvem} is looking at it.`,
  status: { AAPENT: 'Open', TATT: 'Taken', FORESLAATT: 'Waits for one more', LUKKET: 'Closed' },
  ta: 'Take it',
  foreslaa: 'Propose to close',
  foreslaaTekst: 'Somebody else must confirm the proposal. The reason stands in the log.',
  konklusjon: 'Conclusion',
  konklusjoner: { TJENSTLIG: 'Needed for work', BRUDD: 'A breach', IKKE_AVKLART: 'Not settled' },
  begrunnelse: 'Reason',
  forslag: (hvem, naar) => `Proposed by ${hvem} ${naar}`,
  lukket: (hvem, naar) => `Confirmed by ${hvem} ${naar}`,
  bekreft: 'Confirm and close',
  bekreftTekst: (konklusjon) => `The finding is closed with the conclusion “${konklusjon}”. If you disagree, make a new proposal.`,
  dinEgen: 'You proposed this. Somebody else must confirm.',
};
