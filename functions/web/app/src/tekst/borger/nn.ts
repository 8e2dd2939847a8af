import type { Borgertekst } from './nb';

export const nn: Borgertekst = {
  tittel: 'Kven har henta opplysningar om deg',
  ingress: 'Her står det når ein kommune eller fylkeskommune har henta opplysningar om deg frå Folkeregisteret, kva dei skulle bruke dei til, og kva lov som gir dei rett til det. Det nyaste står først.',
  periode: 'Periode',
  perioder: { alt: 'Dei siste fem åra', aar: 'Det siste året', maaned: 'Dei siste 30 dagane' },
  antall: (n) => (n === 0 ? 'Ingenting å vise i denne perioden.' : n === 1 ? 'Opplysningar om deg er henta éin gong.' : `Opplysningar om deg er henta ${n} gonger.`),
  liste: 'På ei liste med andre',
  formaal: 'Blir brukt til',
  hjemler: 'Lova som gir rett til det',
  opplysninger: 'Slags opplysningar',
  ansatt: 'Henta av',
  kjennetegn: (k) => `Ein tilsett eller eit system med kjenneteiknet ${k}`,
  systemet: 'Eit system i organisasjonen',
  orgnr: 'Organisasjonsnummer',
  flere: 'Vis eldre',
  lurer: 'Lurer du på noko?',
  raad: [
    'Du får ikkje sjå namnet på den tilsette. Den same tilsette har det same kjenneteiknet kvar gong i same organisasjon.',
    'Spør organisasjonen om kvifor opplysningane vart henta. Oppgi tidspunktet og kjenneteiknet.',
    'Meiner du at nokon har henta opplysningar utan grunn? Skriv til personvernombodet i organisasjonen. Du kan òg klage til Datatilsynet.',
  ],
};
