import type { Tekst } from './nb';

export const nn: Tekst = {
  spraak: 'Nynorsk',
  hoppTil: 'Hopp til innhaldet',
  tjeneste: 'Folkeregisteret for kommunar',
  laster: 'Hentar …',
  lukk: 'Lukk',
  avbryt: 'Avbryt',
  proevIgjen: 'Prøv igjen',
  meny: { soek: 'Søk', rolle: 'Kva rolla ser', tastatur: 'Tastatur', tilgjengelighet: 'Tilgjenge', navigasjon: 'Hovudmeny', spraakvalg: 'Språk' },
  innlogging: {
    tittel: 'Logg inn',
    ingress: 'For tilsette i kommunar og fylkeskommunar som treng opplysningar frå Folkeregisteret i arbeidet sitt.',
    knapp: 'Logg inn med ID-porten',
    loggUt: 'Logg ut',
    punkter: [
      'Du ser det tenesteområdet ditt har heimel for, og ingenting anna.',
      'Kvart oppslag blir loggført før du får svar.',
      'Innbyggjarar kan få vite kven som har sett opplysningane deira.',
    ],
    feil: {
      INNLOGGING_AVBRUTT: 'Innlogginga vart ikkje fullført. Start på nytt.',
      INNLOGGING_UTILGJENGELIG: 'ID-porten svarer ikkje no. Prøv igjen om litt.',
    },
    feilEllers: 'Innlogginga gjekk ikkje. Prøv igjen, eller kontakt brukarstøtte.',
    hoyere: (organisasjon) =>
      `${organisasjon} krev innlogging på nivå høgt. Logg inn på nytt med BankID, Buypass eller Commfides for å bruke rollene dine der.`,
    hoyereKnapp: 'Logg inn på nivå høgt',
  },
  rolle: {
    velg: 'Rolle',
    bytt: 'Byt rolle',
    ingen: 'Du har inga rolle som kan brukast til søk her. Be ein administrator i organisasjonen om tilgang.',
    ikkeNaa: (navn) => `${navn} (kan ikkje brukast no)`,
    valgt: (rolle, organisasjon) => `Du bruker rolla ${rolle} i ${organisasjon}.`,
  },
  oekt: {
    utloepTittel: 'Du blir snart logga ut',
    utloep: (sekunder) => `Økta sluttar om ${sekunder} sekund, fordi ingenting har skjedd på ei stund. Det du har skrive, blir ståande.`,
    senest: (sekunder) => `Økta sluttar om ${sekunder} sekund. Ho kan ikkje vare meir enn åtte timar. Det du har skrive, blir ståande.`,
    fortsett: 'Hald fram å jobbe',
    ferdigTittel: 'Du er logga ut',
    ferdig: 'Økta har gått ut. Logg inn igjen i eit nytt vindauge, og hald fram der du slapp. Det du har skrive, står her framleis.',
    loggInnIgjen: 'Logg inn i nytt vindauge',
    erInne: 'Eg har logga inn igjen',
  },
  feil: {
    ukjent: 'Noko gjekk gale.',
    nett: 'Vi får ikkje kontakt med tenesta. Sjekk nettet ditt, og prøv igjen.',
    register: 'Folkeregisteret svarer ikkje no. Det er ikkje noko gale her; prøv igjen om litt.',
    oss: 'Tenesta har problem no. Prøv igjen om litt.',
    finnesIkke: 'Denne sida finst ikkje.',
    tilSoek: 'Til søket',
    referanse: (id) => `Referanse ved førespurnad: ${id}`,
  },
};
