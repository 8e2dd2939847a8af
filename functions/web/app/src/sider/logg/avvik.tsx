// What looks like misuse: found in the log, looked at by one, closed by two.
import { useEffect, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { Avvik as Et, Sesjonsorganisasjon } from '../../api/schema';
import { Felt, Knapp, Merke } from '../../ds';
import { Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { tid } from '../../format';
import { organisasjonerMed } from '../../funksjon';
import { Overskrift } from '../../side';
import { t, valgtSpraak } from '../../tekst';
import { vt } from '../../tekst/avvik';
import { lt } from '../../tekst/logg';
import { Spoersmaal, useUtfoer } from '../../utfoer';

type Konklusjon = 'TJENSTLIG' | 'BRUDD' | 'IKKE_AVKLART';
const farge = { AAPENT: 'warning', TATT: 'info', FORESLAATT: 'info', LUKKET: 'neutral' } as const;

/** The queue of an organisation's privacy officer and auditor. It ranks nobody, and leaves out what concerns the reader. */
export function Avvik() {
  const x = vt.value;
  const all = organisasjonerMed('personvernombud', 'revisor');
  const [valgt, setValgt] = useState('');
  const org = all.find((o) => o.fiksOrgId === valgt) ?? all[0];
  return (
    <div className="ark">
      <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
      <p className="smal">{org ? x.ingress(org.navn) : lt.value.soek.ingenTilgang}</p>
      {all.length > 1 && (
        <div className="rad">
          {all.map((o) => (
            <Knapp key={o.fiksOrgId} variant="secondary" aria-pressed={o === org} onClick={() => setValgt(o.fiksOrgId)}>
              {o.navn}
            </Knapp>
          ))}
        </div>
      )}
      {org && <Koe key={org.fiksOrgId} org={org} />}
    </div>
  );
}

function Koe({ org }: { org: Sesjonsorganisasjon }) {
  const x = vt.value;
  const [lukket, setLukket] = useState(false);
  const [koe, setKoe] = useState<Et[]>();
  const [neste, setNeste] = useState<string>();
  const [feil, setFeil] = useState<Feilet>();
  const hent = (markoer?: string) => {
    setFeil(undefined);
    svar(api.GET('/hjemmel/v1/organisasjoner/{fiksOrgId}/avvik', { params: { path: { fiksOrgId: org.fiksOrgId }, query: { lukket, markoer } } })).then(
      (got) => {
        setKoe((had) => [...(markoer ? (had ?? []) : []), ...got.avvik]);
        setNeste(got.neste);
      },
      (e) => e instanceof Feilet && setFeil(e),
    );
  };
  useEffect(() => {
    setKoe(undefined);
    hent();
  }, [lukket]);
  const endret = (a: Et) => setKoe((had) => had?.map((b) => (b.id === a.id ? a : b)));
  return (
    <>
      <div className="rad">
        <Knapp variant="secondary" aria-pressed={!lukket} onClick={() => setLukket(false)}>
          {x.aapne}
        </Knapp>
        <Knapp variant="secondary" aria-pressed={lukket} onClick={() => setLukket(true)}>
          {x.lukkede}
        </Knapp>
      </div>
      <p role="status" className="antall">
        {koe ? x.antall(koe.length, Boolean(neste)) : !feil && t.value.laster}
      </p>
      {koe && koe.length > 0 && (
        <ol className="treffliste">
          {koe.map((a) => (
            <li key={a.id} className="faktum">
              <Ett a={a} fiksOrgId={org.fiksOrgId} endret={endret} />
            </li>
          ))}
        </ol>
      )}
      {feil && <Feilmelding feil={feil} igjen={() => hent(neste)} />}
      {neste && (
        <Knapp variant="secondary" onClick={() => hent(neste)}>
          {x.flere}
        </Knapp>
      )}
    </>
  );
}

type Ettes = { a: Et; fiksOrgId: string; endret: (a: Et) => void };

function Ett({ a, fiksOrgId, endret }: Ettes) {
  const x = vt.value;
  return (
    <article className="faktum" aria-label={`${a.ansatte.join(', ')}, ${tid(a.tid)}`}>
      <div className="rad">
        <span className="faktumnavn">{lt.value.handling[a.handling] ?? a.handling}</span>
        <Merke farge={farge[a.status]}>{x.status[a.status]}</Merke>
        <time className="dempet liten skyv" dateTime={a.tid}>
          {tid(a.tid)}
        </time>
      </div>
      <ul className="ds-list">
        {a.grunner.map((g) => (
          <li key={g.scenario}>{g.tekst[valgtSpraak.value] || g.tekst.nb}</li>
        ))}
      </ul>
      <Fakta a={a} />
      {a.status === 'TATT' && a.tattAv && <p>{x.tattAv(a.tattAv)}</p>}
      {a.forslag && <Vurdert tekst={x.forslag(a.forslag.av, tid(a.forslag.tid))} v={a.forslag} />}
      {a.lukking && <Vurdert tekst={x.lukket(a.lukking.av, tid(a.lukking.tid))} v={a.lukking} />}
      {!a.lukking && <Gjoer a={a} fiksOrgId={fiksOrgId} endret={endret} />}
    </article>
  );
}

function Fakta({ a }: { a: Et }) {
  const x = vt.value;
  return (
    <dl>
      <div>
        <dt>{x.hvem}</dt>
        <dd>{a.ansatte.join(', ')}</dd>
      </div>
      {a.subjekt && (
        <div>
          <dt>{x.person}</dt>
          <dd>{a.subjekt}</dd>
        </div>
      )}
      {a.requestId && (
        <div>
          <dt>{x.requestId}</dt>
          <dd>{a.requestId}</dd>
        </div>
      )}
    </dl>
  );
}

function Vurdert({ tekst, v }: { tekst: string; v: NonNullable<Et['forslag']> }) {
  return (
    <p>
      {tekst}: <strong>{vt.value.konklusjoner[v.konklusjon]}</strong>
      {v.begrunnelse && `. ${v.begrunnelse}`}
    </p>
  );
}

/** What the reader may do: take it, propose an end, or confirm what another has proposed. */
function Gjoer({ a, fiksOrgId, endret }: Ettes) {
  const x = vt.value;
  const { feil, opptatt, utfoer } = useUtfoer();
  const [konklusjon, setKonklusjon] = useState<Konklusjon>('TJENSTLIG');
  const [why, setWhy] = useState('');
  const params = { path: { fiksOrgId, avvikId: a.id } };
  const ta = () => utfoer(async () => endret(await svar(api.POST('/hjemmel/v1/organisasjoner/{fiksOrgId}/avvik/{avvikId}/overtakelse', { params }))));
  const foreslaa = async () => {
    const body = { konklusjon, begrunnelse: why.trim() };
    endret(await svar(api.POST('/hjemmel/v1/organisasjoner/{fiksOrgId}/avvik/{avvikId}/forslag', { params, body })));
    setWhy('');
  };
  const bekreft = async () =>
    endret(await svar(api.POST('/hjemmel/v1/organisasjoner/{fiksOrgId}/avvik/{avvikId}/bekreftelse', { params, body: { konklusjon: a.forslag!.konklusjon } })));
  return (
    <>
      {a.forslag && !a.kanBekrefte && <p className="dempet">{x.dinEgen}</p>}
      <div className="rad">
        {a.status === 'AAPENT' && (
          <Knapp variant="secondary" disabled={opptatt} onClick={() => void ta()}>
            {x.ta}
          </Knapp>
        )}
        {a.forslag && a.kanBekrefte && <Spoersmaal tittel={x.bekreft} tekst={x.bekreftTekst(x.konklusjoner[a.forslag.konklusjon])} gjoer={bekreft} />}
        <Spoersmaal tittel={x.foreslaa} tekst={x.foreslaaTekst} klar={why.trim().length >= 10} gjoer={foreslaa}>
          <Valg id={`konklusjon-${a.id}`} etikett={x.konklusjon} valg={Object.entries(x.konklusjoner)} value={konklusjon} onChange={(e) => setKonklusjon(e.currentTarget.value as Konklusjon)} />
          <Felt id={`begrunnelse-${a.id}`} etikett={x.begrunnelse} minLength={10} maxLength={200} required value={why} onInput={(e) => setWhy(e.currentTarget.value)} />
        </Spoersmaal>
      </div>
      {feil && <Feilmelding feil={feil} />}
    </>
  );
}
