import type { Logginnslag } from '../../api/schema';
import { Knapp, Merke } from '../../ds';
import { tid } from '../../format';
import { lt } from '../../tekst/logg';

type Navn = (id: string) => string;
type Props = { innslag: Logginnslag[]; rollenavn: Navn; velgAktor?: (id: string, navn: string) => void };

const farge: Record<string, 'success' | 'danger' | 'warning' | 'neutral'> = { UTLEVERT: 'success', GITT: 'success', UTFOERT: 'success', AVSLAG: 'warning', FEILET: 'danger' };

/** Entries of the log. With velgAktor it stands who did it, and one can go on to all that they have done. */
export function Innslagsliste({ innslag, rollenavn, velgAktor }: Props) {
  return (
    <ol className="treffliste">
      {innslag.map((e) => (
        <li key={e.id} className="faktum">
          <Linje e={e} velgAktor={velgAktor} />
          <Resten e={e} rollenavn={rollenavn} />
        </li>
      ))}
    </ol>
  );
}

function Linje({ e, velgAktor }: { e: Logginnslag; velgAktor?: Props['velgAktor'] }) {
  const x = lt.value;
  const navn = e.aktorNavn || e.aktor || x.innslag.systemet;
  return (
    <div className="rad">
      <span className="faktumnavn">{x.handling[e.handling] ?? e.handling}</span>
      <Merke farge={farge[e.utfall] ?? 'neutral'}>{x.utfall[e.utfall] ?? e.utfall}</Merke>
      {e.avdekket && <Merke farge="danger">{x.innslag.avdekket}</Merke>}
      <time className="dempet liten" dateTime={e.tid}>
        {tid(e.tid)}
      </time>
      {velgAktor &&
        (e.aktor ? (
          <Knapp variant="tertiary" className="skyv" aria-label={x.soek.altAv(navn)} onClick={() => velgAktor(e.aktor!, navn)}>
            {navn}
          </Knapp>
        ) : (
          <span className="skyv">{navn}</span>
        ))}
    </div>
  );
}

/** What else an entry says, where it says something. */
function Resten({ e, rollenavn }: { e: Logginnslag; rollenavn: Navn }) {
  const x = lt.value.innslag;
  const alt: [string, string | number | string[] | undefined][] = [
    [x.formaal, e.formaal],
    [x.bekreftelse, e.bekreftelse],
    [x.overstyring, e.overstyring],
    [x.rolle, e.rolle && x.versjon(rollenavn(e.rolle), e.rolleversjon ?? 0)],
    [x.person, e.subjekt],
    [x.levert, e.levert],
    [x.spurt, e.spurt],
    [x.parametre, e.parametre],
    [x.treff, e.treff],
    [x.hjemler, e.hjemler],
    [x.gjelder, e.gjelder],
    [x.endret, e.endret],
    [x.paaVegneAv, e.paaVegneAv],
    [x.feilkode, e.feilkode],
    [x.regler, e.regler],
    [x.requestId, e.requestId],
    [x.id, e.id],
  ];
  return (
    <details>
      <summary>{x.mer}</summary>
      <dl>
        {alt.map(([navn, verdi]) => {
          const words = Array.isArray(verdi) ? verdi.join(', ') : verdi;
          return (
            words !== undefined &&
            words !== '' && (
              <div key={navn}>
                <dt>{navn}</dt>
                <dd>{words}</dd>
              </div>
            )
          );
        })}
      </dl>
    </details>
  );
}
