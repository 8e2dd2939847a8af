import type { Borgertekst } from './nb';

export const en: Borgertekst = {
  tittel: 'Who has fetched information about you',
  ingress: 'This shows when a municipality or county has fetched information about you from the population register, what it was for, and which law gives them the right. The newest comes first.',
  periode: 'Period',
  perioder: { alt: 'The last five years', aar: 'The last year', maaned: 'The last 30 days' },
  antall: (n) => (n === 0 ? 'Nothing to show in this period.' : n === 1 ? 'Information about you has been fetched once.' : `Information about you has been fetched ${n} times.`),
  liste: 'On a list with others',
  formaal: 'Used for',
  hjemler: 'The law that gives the right',
  opplysninger: 'Kinds of information',
  ansatt: 'Fetched by',
  kjennetegn: (k) => `An employee or a system with the mark ${k}`,
  systemet: 'A system in the organisation',
  orgnr: 'Organisation number',
  flere: 'Show older',
  lurer: 'Do you have questions?',
  raad: [
    'You are not shown the name of the employee. The same employee has the same mark each time in the same organisation.',
    'Ask the organisation why the information was fetched. Give the time and the mark.',
    'Do you think that somebody has fetched information without a reason? Write to the privacy officer of the organisation. You can also complain to the Norwegian Data Protection Authority.',
  ],
};
