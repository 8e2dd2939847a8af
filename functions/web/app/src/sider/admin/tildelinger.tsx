// Who has a role: given, approved, renewed and taken away, and the day by which it must be renewed.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Fornyelse, Tildeling } from '../../api/schema';
import { Felt, Knapp, Merke, Tittel } from '../../ds';
import { Tabell } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { dag } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, Spoersmaal, useHent, useUtfoer } from '../../utfoer';
import { Adminside, org } from './felles';

const sti = (id: string) => ({ path: { id } });

/** The first moment of a day, and of the day after it, where the reader is. */
export const dagBegynner = (day: string, after = 0) => {
  const d = new Date(`${day}T00:00`);
  d.setDate(d.getDate() + after);
  return d.toISOString();
};

/** Says what was done once it is, and fetches anew. */
type Hendt = (told: string) => void;

export function Tildelinger({ id = '' }: { id?: string }) {
  const x = at.value.tildeling;
  const [sagt, setSagt] = useState('');
  const hentet = useHent(async () => {
    const [{ versjoner }, { tildelinger }, fornyelse] = await Promise.all([
      svar(api.GET('/hjemmel/v1/roller/{id}/versjoner', { params: sti(id) })),
      svar(api.GET('/hjemmel/v1/roller/{id}/tildelinger', { params: sti(id) })),
      svar(api.GET('/hjemmel/v1/roller/{id}/fornyelse', { params: sti(id) })),
    ]);
    return { rolle: versjoner[0]!, tildelinger, fornyelse };
  }, [id]);
  const hendt = (told: string) => {
    setSagt(told);
    hentet.igjen();
  };
  const navn = hentet.data?.rolle.navn;
  return (
    <Adminside tittel={navn ? x.tittelFor(navn) : x.tittel} vindu={x.tittel} tilbake={[`/administrasjon/rolle/${id}`, navn ?? at.value.rolle.tittel]}>
      <p role="status">{sagt}</p>
      <Hentet av={hentet}>
        {({ tildelinger, fornyelse }) => (
          <>
            <Liste id={id} tildelinger={tildelinger} fornyelse={fornyelse} hendt={hendt} />
            <Gi id={id} hendt={hendt} />
            <Frist id={id} fornyelse={fornyelse} hendt={hendt} />
          </>
        )}
      </Hentet>
    </Adminside>
  );
}

const farge = { AKTIV: 'success', FREMTIDIG: 'info', UTLOEPT: 'neutral', VENTER_PAA_GODKJENNING: 'warning' } as const;

/** A known name, or else the id. */
export const hvem = (r: { navn?: string; aktorId: string }) => r.navn || r.aktorId;

function Liste({ id, tildelinger, fornyelse, hendt }: { id: string; tildelinger: Tildeling[]; fornyelse: Fornyelse; hendt: Hendt }) {
  const x = at.value.tildeling;
  const ends = new Map(fornyelse.tildelinger.map((r) => [r.aktorId, r.utloeper]));
  if (tildelinger.length === 0) return <p>{x.ingen}</p>;
  return (
    <Tabell
      tittel={x.tittel}
      hode={[x.hvem, x.status, x.fra, x.utloeper, x.sist, x.gjoer]}
      rader={tildelinger.map((r) => [
        <span>
          {hvem(r)}
          <br />
          <span className="dempet liten">
            {x.type[r.type]} · {r.aktorId}
          </span>
        </span>,
        <Merke farge={farge[r.status]}>{x.statuser[r.status]}</Merke>,
        r.fra ? dag(r.fra) : '',
        ends.get(r.aktorId) ?? r.utloeper ?? r.til ? dag((ends.get(r.aktorId) ?? r.utloeper ?? r.til)!) : x.ingenSlutt,
        r.fornyet ? x.fornyetAv(dag(r.fornyet), r.fornyetAv ?? '') : r.tildelt ? x.gittAv(dag(r.tildelt), r.tildeltAv ?? '') : '',
        <Valgene key={r.aktorId} id={id} r={r} hendt={hendt} />,
      ])}
    />
  );
}

function Valgene({ id, r, hendt }: { id: string; r: Tildeling; hendt: Hendt }) {
  const x = at.value.tildeling;
  const { feil, opptatt, utfoer } = useUtfoer();
  const path = { id, aktorId: r.aktorId };
  const header = () => ({ 'Idempotency-Key': crypto.randomUUID() });
  const forny = () => utfoer(async () => (await svar(api.POST('/hjemmel/v1/roller/{id}/tildelinger/{aktorId}/forny', { params: { path, header: header() } })), hendt(x.fornyet(hvem(r)))));
  const godkjenn = () => utfoer(async () => (await svar(api.POST('/hjemmel/v1/roller/{id}/tildelinger/{aktorId}/godkjenn', { params: { path, header: header() } })), hendt(x.godkjent(hvem(r)))));
  return (
    <>
      <div className="rad">
        {r.status === 'VENTER_PAA_GODKJENNING' && (
          <Knapp variant="secondary" disabled={opptatt} aria-label={x.godkjennFor(hvem(r))} onClick={() => void godkjenn()}>
            {x.godkjenn}
          </Knapp>
        )}
        {r.status === 'AKTIV' && (
          <Knapp variant="tertiary" disabled={opptatt} aria-label={x.fornyFor(hvem(r))} onClick={() => void forny()}>
            {x.forny}
          </Knapp>
        )}
        <Spoersmaal
          farge="danger"
          tittel={x.taFra}
          etikett={x.taFraFor(hvem(r))}
          tekst={x.taFraTekst(hvem(r))}
          gjoer={async () => {
            await svar(api.DELETE('/hjemmel/v1/roller/{id}/tildelinger/{aktorId}', { params: { path } }));
            hendt(x.tatt(hvem(r)));
          }}
        />
      </div>
      {feil && <Feilmelding feil={feil} />}
    </>
  );
}

function Gi({ id, hendt }: { id: string; hendt: Hendt }) {
  const x = at.value.tildeling;
  const [aktorId, setAktor] = useState('');
  const [fra, setFra] = useState('');
  const [til, setTil] = useState('');
  const { feil, opptatt, utfoer } = useUtfoer();
  const fiksOrgId = org.value!.fiksOrgId;
  const { data } = useHent(() => svar(api.GET('/hjemmel/v1/organisasjoner/{fiksOrgId}/integrasjoner', { params: { path: { fiksOrgId } } })), [fiksOrgId]);
  const gi = () =>
    utfoer(async () => {
      const body = { aktorId: aktorId.trim(), fra: fra ? dagBegynner(fra) : undefined, til: til ? dagBegynner(til, 1) : undefined };
      const r = await svar(api.POST('/hjemmel/v1/roller/{id}/tildelinger', { params: { ...sti(id), header: { 'Idempotency-Key': crypto.randomUUID() } }, body }));
      setAktor('');
      hendt(r.status === 'VENTER_PAA_GODKJENNING' ? x.venter : x.gitt(hvem(r)));
    });
  return (
    <form
      className="gruppe soeket"
      aria-labelledby="gi"
      onSubmit={(e) => {
        e.preventDefault();
        void gi();
      }}
    >
      <Tittel id="gi" stoerrelse="xs">
        {x.gi}
      </Tittel>
      <Felt id="aktor" etikett={x.aktor} hint={x.aktorHint} value={aktorId} list="integrasjoner" maxLength={64} required onInput={(e) => setAktor(e.currentTarget.value)} />
      <datalist id="integrasjoner">
        {data?.integrasjoner.map((i) => (
          <option key={i.id} value={i.id} label={i.navn} />
        ))}
      </datalist>
      <div className="rad">
        <Felt id="fra" etikett={x.giFra} type="date" value={fra} onInput={(e) => setFra(e.currentTarget.value)} />
        <Felt id="til" etikett={x.giTil} type="date" value={til} onInput={(e) => setTil(e.currentTarget.value)} />
      </div>
      {feil && <Feilmelding feil={feil} />}
      <Knapp type="submit" disabled={opptatt || !aktorId.trim()}>
        {x.gi}
      </Knapp>
    </form>
  );
}

/** The day by which assignments must be renewed. Who is not loses the role as the day begins. */
function Frist({ id, fornyelse, hendt }: { id: string; fornyelse: Fornyelse; hendt: Hendt }) {
  const x = at.value.tildeling;
  const ahead = fornyelse.frister.find((f) => new Date(f.dato) > new Date());
  const [dato, setDato] = useState('');
  const { feil, opptatt, utfoer } = useUtfoer();
  const sett = () => utfoer(async () => (await svar(api.PUT('/hjemmel/v1/roller/{id}/fornyelse', { params: sti(id), body: { dato } })), hendt(x.fristSatt)));
  return (
    <form
      className="gruppe soeket"
      aria-labelledby="frist"
      onSubmit={(e) => {
        e.preventDefault();
        void sett();
      }}
    >
      <Tittel id="frist" stoerrelse="xs">
        {x.frist}
      </Tittel>
      <p>{ahead ? x.fristEr(dag(ahead.dato), ahead.sattAv) : x.ingenFrist}</p>
      <Felt id="dato" etikett={x.nyFrist} hint={x.nyFristHint} type="date" value={dato} required onInput={(e) => setDato(e.currentTarget.value)} />
      {feil && <Feilmelding feil={feil} />}
      <div className="rad">
        <Knapp type="submit" variant="secondary" disabled={opptatt || !dato}>
          {x.settFrist}
        </Knapp>
        {ahead && (
          <Spoersmaal
            tittel={x.fjernFrist}
            tekst={x.fjernFristTekst}
            gjoer={async () => {
              await svar(api.DELETE('/hjemmel/v1/roller/{id}/fornyelse', { params: sti(id) }));
              hendt(x.fristFjernet);
            }}
          />
        )}
      </div>
    </form>
  );
}
