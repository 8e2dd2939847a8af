import { useEffect, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { EgetInnsyn } from '../../api/schema';
import { Knapp, Merke, Tittel } from '../../ds';
import { Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { tid } from '../../format';
import { Overskrift } from '../../side';
import { t } from '../../tekst';
import { bt } from '../../tekst/borger';

type Bruk = EgetInnsyn['bruk'][number];

/** How many days back each choice goes; none is as far as anything is told. */
const dager = { alt: undefined, aar: 365, maaned: 30 } as const;
type Periode = keyof typeof dager;

/** Which organisations have fetched information about the one who is logged in. It stands with others nowhere, and names no employee. */
export function MineOpplysninger() {
  const x = bt.value;
  const [periode, setPeriode] = useState<Periode>('alt');
  return (
    <div className="ark">
      <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
      <p className="smal">{x.ingress}</p>
      <div className="smal">
        <Valg
          id="periode"
          etikett={x.periode}
          valg={Object.entries(x.perioder)}
          value={periode}
          onChange={(e) => setPeriode(e.currentTarget.value as Periode)}
        />
      </div>
      <Liste key={periode} bak={dager[periode]} />
      <section className="gruppe smal">
        <Tittel stoerrelse="2xs">{x.lurer}</Tittel>
        <ul className="ds-list">
          {x.raad.map((r) => (
            <li key={r}>{r}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

const siden = (days?: number) => (days === undefined ? undefined : new Date(Date.now() - days * 86_400_000).toISOString());

function Liste({ bak }: { bak?: number }) {
  const x = bt.value;
  const [fra] = useState(() => siden(bak));
  const [got, setGot] = useState<EgetInnsyn>();
  const [feil, setFeil] = useState<Feilet>();
  const hent = (markoer?: string) => {
    setFeil(undefined);
    svar(api.GET('/hjemmel/v1/meg/innsyn', { params: { query: { fra, markoer } } })).then(
      (page) => setGot((had) => ({ ...page, bruk: [...(markoer ? (had?.bruk ?? []) : []), ...page.bruk] })),
      (e) => e instanceof Feilet && setFeil(e),
    );
  };
  useEffect(() => hent(), []);
  return (
    <>
      <p role="status" className="antall">
        {got ? x.antall(got.antall) : !feil && t.value.laster}
      </p>
      {got && got.bruk.length > 0 && (
        <ol className="treffliste">
          {got.bruk.map((b, i) => (
            <li key={i} className="faktum">
              <Innslag b={b} />
            </li>
          ))}
        </ol>
      )}
      {feil && <Feilmelding feil={feil} igjen={() => hent(got?.neste)} />}
      {got?.neste && (
        <Knapp variant="secondary" onClick={() => hent(got.neste)}>
          {x.flere}
        </Knapp>
      )}
      {got && (
        <p className="dempet liten smal" lang="nb">
          {got.merknad}
        </p>
      )}
    </>
  );
}

/** One time. What the functions word is bokmål, whatever the page is in. */
function Innslag({ b }: { b: Bruk }) {
  const x = bt.value;
  const about: [string, string, boolean][] = [
    [x.formaal, b.formaal ?? '', true],
    [x.opplysninger, b.opplysninger.join(', '), true],
    [x.hjemler, b.hjemler.join(', '), true],
    [x.ansatt, b.ansatt ? x.kjennetegn(b.ansatt) : x.systemet, false],
    [x.orgnr, b.orgnr, false],
  ];
  return (
    <>
      <div className="rad">
        <span className="faktumnavn">{b.organisasjon}</span>
        {b.liste && <Merke farge="info">{x.liste}</Merke>}
        <time className="dempet liten skyv" dateTime={b.tid}>
          {tid(b.tid)}
        </time>
      </div>
      <p lang="nb">{b.hva}</p>
      <dl>
        {about.map(
          ([name, words, ours]) =>
            words && (
              <div key={name}>
                <dt>{name}</dt>
                <dd lang={ours ? 'nb' : undefined}>{words}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  );
}
